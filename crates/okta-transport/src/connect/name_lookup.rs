use std::{
    collections::HashMap,
    io,
    net::{IpAddr, SocketAddr},
    sync::Arc,
};

use crate::error::name_lookup_error::NameLookupError;

/// Looks host names up: first among the names with fixed addresses, then by the operating system.
#[derive(Clone, Debug, Default)]
pub(crate) struct NameLookup {
    fixed: Arc<HashMap<String, Vec<IpAddr>>>,
}

impl NameLookup {
    pub(crate) fn fix(&mut self, host: &str, addresses: impl IntoIterator<Item = IpAddr>) {
        Arc::make_mut(&mut self.fixed).insert(normalized(host), addresses.into_iter().collect());
    }

    /// Returns at least one address, in the order in which they are tried.
    pub(crate) async fn look_up(&self, host: &str, port: u16) -> Result<Vec<SocketAddr>, NameLookupError> {
        let addresses: Vec<SocketAddr> = match self.fixed.get(&normalized(host)) {
            Some(fixed) => fixed.iter().map(|address| SocketAddr::new(*address, port)).collect(),
            None => tokio::net::lookup_host((host, port))
                .await
                .map_err(|error| NameLookupError::new(host, error))?
                .collect(),
        };
        if addresses.is_empty() {
            let none = io::Error::new(io::ErrorKind::NotFound, "the name has no address");
            return Err(NameLookupError::new(host, none));
        }
        Ok(alternating(addresses))
    }
}

fn normalized(host: &str) -> String {
    host.strip_suffix('.').unwrap_or(host).to_ascii_lowercase()
}

/// Sorts addresses so that IPv6 and IPv4 alternate (RFC 8305 §4): a host without a route for one of the two does not wait
/// for all its addresses. The order within a family, and which family is first, stays that of the lookup.
fn alternating(addresses: Vec<SocketAddr>) -> Vec<SocketAddr> {
    let first_is_ipv6 = addresses.first().is_some_and(SocketAddr::is_ipv6);
    let (preferred, other): (Vec<_>, Vec<_>) = addresses
        .into_iter()
        .partition(|address| address.is_ipv6() == first_is_ipv6);
    let (mut preferred, mut other) = (preferred.into_iter(), other.into_iter());
    let mut sorted = Vec::with_capacity(preferred.len() + other.len());
    while preferred.len() + other.len() > 0 {
        sorted.extend(preferred.next());
        sorted.extend(other.next());
    }
    sorted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn families_alternate_and_keep_their_order() {
        let parse = |texts: &[&str]| {
            texts
                .iter()
                .map(|text| text.parse().unwrap())
                .collect::<Vec<SocketAddr>>()
        };
        assert_eq!(
            alternating(parse(&["[::1]:1", "[::2]:1", "[::3]:1", "1.1.1.1:1", "2.2.2.2:1"])),
            parse(&["[::1]:1", "1.1.1.1:1", "[::2]:1", "2.2.2.2:1", "[::3]:1"])
        );
    }
}
