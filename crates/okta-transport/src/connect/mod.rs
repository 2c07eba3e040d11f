//! TCP connections to hosts: name lookup, then every address until one of them answers.

pub(crate) mod connection_pools;
pub(crate) mod hyper_service;
pub(crate) mod hyper_service_builder;
mod name_lookup;
pub(crate) mod proxy;
mod race;
mod tcp;
pub(crate) mod tls;

use http::Uri;

/// The host of a URI, without the brackets of an IPv6 address.
pub(crate) fn host_of(target: &Uri) -> &str {
    let host = target.host().unwrap_or_default();
    host.strip_prefix('[')
        .and_then(|host| host.strip_suffix(']'))
        .unwrap_or(host)
}

/// The port of a URI; if none is written, the usual one of its scheme.
pub(crate) fn port_of(target: &Uri) -> u16 {
    target.port_u16().unwrap_or(match target.scheme_str() {
        Some("http") => 80,
        _ => 443,
    })
}
