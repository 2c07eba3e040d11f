use std::{
    future::{Ready, ready},
    io,
    task::{Context, Poll},
};

use http::Uri;
use hyper_util::client::legacy::connect::proxy::SocksV5;
use tower::{Service, ServiceExt};

use super::{
    Proxy,
    dial::Stream,
    error::{Fault, ProxyError},
};

/// Asks a SOCKS 5 proxy (RFC 1928, RFC 1929) for a way to this host and port, on a connection to it.
pub(super) async fn open(stream: Stream, authority: &str, proxy: &Proxy) -> Result<Stream, ProxyError> {
    let credentials = proxy.credentials();
    let failed = |error: http::Error| ProxyError::with(Fault::Lookup, error);
    let target = Uri::builder()
        .scheme("https")
        .authority(authority)
        .path_and_query("/")
        .build()
        .map_err(failed)?;
    let mut socks = SocksV5::new(proxy.0.uri.clone(), Connected(Some(stream)));
    if let Some((username, password)) = credentials {
        socks = socks.with_auth(username.to_owned(), password.to_owned());
    }
    socks.oneshot(target).await.map_err(|error| {
        let credentials_given = credentials.is_some();
        ProxyError::with(Fault::Socks { credentials_given }, error)
    })
}

/// An address of the target, and its port.
pub(super) async fn looked_up(target: &Uri) -> Result<String, ProxyError> {
    let authority = super::authority(target);
    let failed = |error: io::Error| ProxyError::with(Fault::Lookup, error);
    let mut addresses = tokio::net::lookup_host(authority).await.map_err(failed)?;
    match addresses.next() {
        Some(address) => Ok(address.to_string()),
        None => Err(ProxyError::new(Fault::Lookup)),
    }
}

/// A connection that is there already, for a handshake that wants to connect by itself.
struct Connected(Option<Stream>);

impl Service<Uri> for Connected {
    type Response = Stream;
    type Error = io::Error;
    type Future = Ready<io::Result<Stream>>;

    fn poll_ready(&mut self, _context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _proxy: Uri) -> Self::Future {
        ready(self.0.take().ok_or_else(|| io::ErrorKind::NotConnected.into()))
    }
}
