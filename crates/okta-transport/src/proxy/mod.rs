//! The way to the org through a proxy.

mod bypass;
mod dial;
mod error;
mod socks;
mod tunnel;

use std::{fmt, net::IpAddr, sync::Arc};

use data_encoding::BASE64;
use http::{HeaderValue, Uri};
use okta_config::{EnvironmentProxy, ProxyConfig, ProxyScheme, secrecy::ExposeSecret};

pub(crate) use dial::Dial;
pub(crate) use error::ProxyError;

use crate::{BuildError, connect::port_of};
use bypass::Bypass;

/// A proxy that connections to the org go through.
///
/// It can be an HTTP proxy, spoken to in clear text or over TLS, or a SOCKS 5 proxy ([`ProxyScheme`]). All of them only
/// pass bytes on: TLS to the org begins here and ends there, and the proxy sees the name of the org, not what is said. An
/// org in clear text (for tests) goes through a tunnel as well, so that one way of talking to a proxy is enough; the proxy
/// must allow `CONNECT` to its port.
///
/// Hosts of this machine (`localhost`, `127.0.0.0/8`, `::1`) are reached without it, unless
/// [`including_loopback`](Self::including_loopback) says otherwise, and so are those of [`no_proxy`](Self::no_proxy).
///
/// `Debug` and `Display` show no password.
///
/// ```
/// use okta_config::OrgUrl;
/// use okta_transport::{HyperService, Proxy};
///
/// let proxy = Proxy::from_url("http://acme:p%40ss@proxy.example.com:3128")?.no_proxy("10.0.0.0/8, example.com");
/// assert_eq!(proxy.to_string(), "http://proxy.example.com:3128");
///
/// let hyper = HyperService::builder(&OrgUrl::parse("https://acme.okta.com")?).proxy(proxy);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Proxy(Arc<Inner>);

#[derive(Clone)]
struct Inner {
    config: ProxyConfig,
    /// Where to connect to; the scheme says with or without TLS.
    uri: Uri,
    bypass: Bypass,
    includes_loopback: bool,
}

impl Proxy {
    /// The proxy of a configuration.
    ///
    /// # Errors
    ///
    /// [`BuildError`] if it cannot be reached so: no host, port 0, credentials that it cannot be told.
    pub fn new(config: ProxyConfig) -> Result<Self, BuildError> {
        config.check()?;
        let scheme = match config.scheme {
            ProxyScheme::Https => "https",
            _ => "http",
        };
        let uri = format!("{scheme}://{}/", config.authority())
            .parse()
            .map_err(|source| BuildError::ProxyAddress {
                address: config.address(),
                source,
            })?;
        let bypass = Bypass::new(config.no_proxy.as_deref().unwrap_or_default());
        Ok(Self(Arc::new(Inner {
            config,
            uri,
            bypass,
            includes_loopback: false,
        })))
    }

    /// The proxy of a URL such as `http://user:password@proxy.example.com:3128`. What is special in URLs is written with
    /// percent signs.
    ///
    /// # Errors
    ///
    /// [`BuildError`] if it is not the URL of a proxy. The text is not shown, for it may hold a password.
    pub fn from_url(url: &str) -> Result<Self, BuildError> {
        Self::new(url.parse()?)
    }

    /// The proxy that the environment names (`HTTPS_PROXY`, `ALL_PROXY`, `NO_PROXY`: see [`EnvironmentProxy`]), or `None`.
    ///
    /// # Errors
    ///
    /// [`BuildError`] if the variable that counts is not the URL of a proxy. It names the variable.
    pub fn from_environment() -> Result<Option<Self>, BuildError> {
        let found = EnvironmentProxy::read()?;
        found.map(|found| Self::new(found.proxy)).transpose()
    }

    /// Reaches these hosts without the proxy, in the form of the variable `NO_PROXY`: entries separated by commas or spaces.
    ///
    /// | Entry | Matches |
    /// |---|---|
    /// | `example.com`, `.example.com`, `*.example.com` | this name and every name below it |
    /// | `10.0.0.1`, `fd00::1`, `[fd00::1]` | this address |
    /// | `10.0.0.0/8`, `fd00::/8` | the addresses of this network |
    /// | `*` | every host |
    /// | `example.com:8443`, `10.0.0.1:80`, `[fd00::1]:443` | the same, on this port only |
    ///
    /// Case and a dot at the end of a name do not matter, in the list and in the URL. An entry that cannot be read is ignored
    /// with a `tracing` event at `WARN` that names it. The list replaces the one that was set before.
    #[must_use]
    pub fn no_proxy(mut self, hosts: &str) -> Self {
        let inner = Arc::make_mut(&mut self.0);
        inner.bypass = Bypass::new(hosts);
        inner.config.no_proxy = Some(hosts.to_owned());
        self
    }

    /// Reaches hosts of this machine through the proxy too. It is for tests.
    #[must_use]
    pub fn including_loopback(mut self) -> Self {
        Arc::make_mut(&mut self.0).includes_loopback = true;
        self
    }

    /// Whether a connection to this target goes through the proxy.
    pub(crate) fn serves(&self, target: &Uri) -> bool {
        let host = target.host().unwrap_or_default();
        (self.0.includes_loopback || !is_loopback(host)) && !self.0.bypass.contains(target)
    }

    fn credentials(&self) -> Option<(&str, &str)> {
        let config = &self.0.config;
        Some((config.username.as_deref()?, config.password.as_ref()?.expose_secret()))
    }

    /// RFC 7617, for `Proxy-Authorization`.
    fn basic_credentials(&self) -> Option<HeaderValue> {
        let (username, password) = self.credentials()?;
        let encoded = BASE64.encode(format!("{username}:{password}").as_bytes());
        let mut value = HeaderValue::from_maybe_shared(format!("Basic {encoded}")).ok()?;
        value.set_sensitive(true);
        Some(value)
    }
}

impl fmt::Display for Proxy {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0.config.address())
    }
}

impl fmt::Debug for Proxy {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Proxy")
            .field("address", &self.0.config.address())
            .field("username", &self.0.config.username)
            .field("no_proxy", &self.0.config.no_proxy)
            .field("includes_loopback", &self.0.includes_loopback)
            .finish_non_exhaustive()
    }
}

fn is_loopback(host: &str) -> bool {
    let host = host.trim_start_matches('[').trim_end_matches(']').trim_end_matches('.');
    match host.parse::<IpAddr>() {
        Ok(address) => address.to_canonical().is_loopback(),
        Err(_) => {
            let name = host.to_ascii_lowercase();
            name == "localhost" || name.ends_with(".localhost")
        }
    }
}

/// The host and the port of a target, which is the usual one of its scheme if none is written.
fn authority(target: &Uri) -> String {
    format!("{}:{}", target.host().unwrap_or_default(), port_of(target))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn serves(proxy: &Proxy, target: &str) -> bool {
        proxy.serves(&target.parse().unwrap())
    }

    fn proxy(url: &str) -> Proxy {
        Proxy::from_url(url).unwrap()
    }

    #[test]
    fn this_machine_is_reached_without_it_unless_it_is_included() {
        let proxy = proxy("proxy");
        for target in [
            "https://localhost",
            "https://LOCALHOST:8443/api",
            "https://acme.localhost",
            "https://localhost.",
            "http://127.0.0.1:80",
            "http://127.8.9.10",
            "https://[::1]:8443",
            "https://[::ffff:127.0.0.1]",
        ] {
            assert!(!serves(&proxy, target), "{target}");
            assert!(serves(&proxy.clone().including_loopback(), target), "{target}");
        }
        for target in [
            "https://acme.okta.com",
            "https://localhost.example.com",
            "https://10.0.0.1",
        ] {
            assert!(serves(&proxy, target), "{target}");
        }
    }

    #[test]
    fn listed_hosts_are_reached_without_it() {
        let proxy = proxy("proxy").no_proxy("example.com, .acme.test *.corp.test,10.0.0.0/8,192.168.1.1,fd00::/8");
        for target in [
            "https://example.com",
            "https://okta.EXAMPLE.com:8443",
            "https://acme.test",
            "https://id.acme.test",
            "https://id.corp.test",
            "https://10.1.2.3",
            "https://192.168.1.1",
            "https://[fd00::1]:443",
        ] {
            assert!(!serves(&proxy, target), "{target}");
        }
        for target in [
            "https://acme.okta.com",
            "https://notexample.com",
            "https://example.com.evil.test",
            "https://11.0.0.1",
            "https://192.168.1.10",
            "https://[fe80::1]",
        ] {
            assert!(serves(&proxy, target), "{target}");
        }
        let none = proxy.no_proxy("*");
        assert!(!serves(&none, "https://acme.okta.com") && !serves(&none, "https://10.0.0.1"));
        assert!(serves(&none.no_proxy(""), "https://acme.okta.com"));
    }

    #[test]
    fn credentials_go_into_a_header_whatever_is_in_them() {
        // RFC 7617 §2.1 has an example with a letter beyond ASCII.
        let header = proxy("http://test:123%C2%A3@proxy").basic_credentials().unwrap();
        assert_eq!(header, "Basic dGVzdDoxMjPCow==");
        assert!(header.is_sensitive());
        let header = proxy("http://me:a:b%3Ac%40@proxy").basic_credentials().unwrap();
        assert_eq!(header, format!("Basic {}", BASE64.encode(b"me:a:b:c@")).as_str());
        assert!(proxy("http://proxy").basic_credentials().is_none());
    }

    #[test]
    fn neither_debug_nor_display_shows_the_password() {
        let proxy = proxy("https://me:c4n4ry@proxy:3129");
        assert_eq!(proxy.to_string(), "https://proxy:3129");
        let shown = format!("{proxy:?} {proxy:#?}");
        assert!(
            shown.contains("https://proxy:3129") && !shown.contains("c4n4ry"),
            "{shown}"
        );
    }

    #[test]
    fn what_cannot_be_reached_is_refused() {
        for (url, expected) in [
            ("ftp://me:c4n4ry@proxy", "scheme"),
            ("http://me:c4n4ry@", "not the URL of a proxy"),
            ("http://me:c4n4ry@pr`oxy", "pr`oxy"),
        ] {
            let error = Proxy::from_url(url).unwrap_err();
            let shown = format!("{error} {error:?}");
            assert!(shown.contains(expected) && !shown.contains("c4n4ry"), "{shown}");
        }
        let error = Proxy::new(ProxyConfig::new("proxy", Some(0))).unwrap_err();
        assert!(error.to_string().contains("okta.client.proxy.port"), "{error}");
    }
}
