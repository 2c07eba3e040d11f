//! The list `NO_PROXY`: hosts that are reached without the proxy.

use std::net::IpAddr;

use http::Uri;

use crate::connect::{host_of, port_of};

/// The hosts that are reached without the proxy, as curl and Go read the list: entries separated by commas or spaces.
#[derive(Clone, Debug, Default)]
pub(super) struct Bypass(Vec<Entry>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Entry {
    hosts: Hosts,
    /// `None` is any.
    port: Option<u16>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Hosts {
    All,
    /// This name and all below it, in lower case, without dots at its ends.
    Domain(String),
    /// The addresses that begin with as many bits of this one.
    Network(IpAddr, u8),
}

impl Bypass {
    /// Reads a list. An entry that cannot be read is left out, with a `warn` event that names it: the other entries still count.
    pub(super) fn new(list: &str) -> Self {
        let entries = list
            .split(|separator: char| separator == ',' || separator.is_whitespace())
            .filter(|entry| !entry.is_empty());
        let read = |text: &str| {
            let entry = Entry::parse(text);
            if entry.is_none() {
                // What looks like a URL with credentials is not for a log.
                let entry = if text.contains('@') { "[with credentials]" } else { text };
                tracing::warn!(
                    entry,
                    "no_proxy: the entry is ignored; write a host name, an address or a network such as 10.0.0.0/8, \
                     with or without :port"
                );
            }
            entry
        };
        Self(entries.filter_map(read).collect())
    }

    pub(super) fn contains(&self, target: &Uri) -> bool {
        let (host, port) = (host_of(target), port_of(target));
        let name = without_last_dot(host).to_ascii_lowercase();
        let address: Option<IpAddr> = name.parse().ok();
        let address = address.map(|address| address.to_canonical());
        self.0.iter().any(|entry| {
            entry.port.is_none_or(|only| only == port)
                && match &entry.hosts {
                    Hosts::All => true,
                    Hosts::Domain(domain) => address.is_none() && is_at_or_below(&name, domain),
                    Hosts::Network(network, bits) => {
                        address.is_some_and(|address| has_prefix(address, *network, *bits))
                    }
                }
        })
    }
}

impl Entry {
    fn parse(text: &str) -> Option<Self> {
        if let Some(network) = network(text) {
            return Some(Self {
                hosts: network,
                port: None,
            });
        }
        // What is left with a colon has a port: `host:port`, `[address]:port`.
        let (host, port) = match text.rsplit_once(':') {
            None => (text, None),
            Some((host, port)) => (host, Some(port.parse().ok().filter(|port| *port != 0)?)),
        };
        let hosts = match network(host) {
            Some(Hosts::Network(..)) if host.contains('/') => return None,
            Some(address) => address,
            None if host == "*" => Hosts::All,
            None => domain(host)?,
        };
        Some(Self { hosts, port })
    }
}

/// An address, or a network such as `10.0.0.0/8`; one of IPv6 may have brackets.
fn network(text: &str) -> Option<Hosts> {
    let (address, bits) = match text.split_once('/') {
        Some((address, bits)) => (address, Some(bits)),
        None => (text, None),
    };
    let bare = address.strip_prefix('[').and_then(|address| address.strip_suffix(']'));
    let address: IpAddr = bare.unwrap_or(without_last_dot(address)).parse().ok()?;
    let longest = if address.is_ipv4() { 32 } else { 128 };
    let Some(bits) = bits else {
        let address = address.to_canonical();
        return Some(Hosts::Network(address, if address.is_ipv4() { 32 } else { 128 }));
    };
    let bits = bits.parse().ok().filter(|bits| *bits <= longest)?;
    Some(Hosts::Network(address, bits))
}

/// A name; `.name` and `*.name` say the same as `name`.
fn domain(text: &str) -> Option<Hosts> {
    let name = text.strip_prefix("*.").or(text.strip_prefix('.')).unwrap_or(text);
    let name = without_last_dot(name).to_ascii_lowercase();
    let is_name = |character: char| character.is_alphanumeric() || matches!(character, '-' | '_' | '.');
    let is_whole = !name.is_empty() && name.split('.').all(|label| !label.is_empty());
    (is_whole && name.chars().all(is_name)).then_some(Hosts::Domain(name))
}

fn without_last_dot(host: &str) -> &str {
    host.strip_suffix('.').unwrap_or(host)
}

fn is_at_or_below(name: &str, domain: &str) -> bool {
    match name.strip_suffix(domain) {
        Some(before) => before.is_empty() || before.ends_with('.'),
        None => false,
    }
}

fn has_prefix(address: IpAddr, network: IpAddr, bits: u8) -> bool {
    let same = |address: u128, network: u128, length: u32| {
        let rest = length.saturating_sub(u32::from(bits));
        address.checked_shr(rest).unwrap_or(0) == network.checked_shr(rest).unwrap_or(0)
    };
    match (address, network) {
        (IpAddr::V4(address), IpAddr::V4(network)) => same(address.to_bits().into(), network.to_bits().into(), 32),
        (IpAddr::V6(address), IpAddr::V6(network)) => same(address.to_bits(), network.to_bits(), 128),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bypasses(list: &str, target: &str) -> bool {
        Bypass::new(list).contains(&target.parse().unwrap())
    }

    #[test]
    fn f19_b37_an_entry_with_a_port_is_for_that_port() {
        for (list, target) in [
            ("acme.okta.com:443", "https://acme.okta.com"),
            ("acme.okta.com:80", "http://acme.okta.com"),
            ("okta.com:8443", "https://acme.okta.com:8443"),
            (".okta.com:8443", "https://acme.okta.com:8443"),
            ("*.okta.com.:8443", "https://acme.okta.com:8443"),
            ("10.0.0.1:3000", "http://10.0.0.1:3000"),
            ("[fd00::1]:443", "https://[fd00::1]"),
            ("*:8443", "https://acme.okta.com:8443"),
        ] {
            assert!(bypasses(list, target), "{list} {target}");
        }
        for (list, target) in [
            ("acme.okta.com:80", "https://acme.okta.com"),
            ("acme.okta.com:443", "http://acme.okta.com"),
            ("10.0.0.1:3000", "http://10.0.0.1"),
            ("[fd00::1]:443", "https://[fd00::1]:8443"),
            ("*:8443", "https://acme.okta.com"),
        ] {
            assert!(!bypasses(list, target), "{list} {target}");
        }
    }

    #[test]
    fn f19_a_trailing_dot_means_nothing_on_either_side() {
        for (list, target) in [
            ("acme.okta.com.", "https://acme.okta.com"),
            ("acme.okta.com", "https://acme.okta.com."),
            ("okta.com.", "https://acme.okta.com.:8443"),
            (".okta.com.", "https://ACME.okta.com"),
            ("10.0.0.1.", "https://10.0.0.1"),
        ] {
            assert!(bypasses(list, target), "{list} {target}");
        }
    }

    #[test]
    fn addresses_and_networks() {
        for (list, target) in [
            ("::1", "https://[::1]"),
            ("[::1]", "https://[::1]:8443"),
            ("[fd00::]/8", "https://[fd12::3]"),
            ("fd00::/8", "https://[fd12::3]"),
            ("10.0.0.0/8", "https://10.9.8.7:80"),
            ("10.9.8.7/0", "https://11.0.0.1"),
            ("10.0.0.0/8", "https://[::ffff:10.0.0.1]"),
            ("::ffff:10.0.0.1", "https://10.0.0.1"),
            ("::/0", "https://[fd12::3]"),
        ] {
            assert!(bypasses(list, target), "{list} {target}");
        }
        for (list, target) in [
            ("10.0.0.0/8", "https://11.0.0.1"),
            ("0.0.0.0/0", "https://[fd12::3]"),
            ("0.1", "https://10.0.0.1"),
            ("10.0.0.1", "https://10.0.0.1.example.com"),
        ] {
            assert!(!bypasses(list, target), "{list} {target}");
        }
    }

    #[test]
    fn an_entry_that_cannot_be_read_is_left_out_and_the_others_count() {
        for bad in [
            "acme.okta.com:",
            "acme.okta.com:0",
            "acme.okta.com:99999",
            "acme.okta.com:https",
            "https://acme.okta.com",
            "ann:canary@acme.okta.com",
            "acme.*",
            "10.0.0.0/33",
            "10.0.0.0/8:443",
            "[::1",
            "a..b",
            "..",
        ] {
            assert_eq!(Entry::parse(bad), None, "{bad}");
            assert!(bypasses(&format!("{bad},id.acme.test"), "https://id.acme.test"));
        }
    }
}
