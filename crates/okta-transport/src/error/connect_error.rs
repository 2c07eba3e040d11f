use std::fmt;

use http::Uri;
use tower::BoxError;

use super::tls::is_tls_error;

/// No connection could be opened, so the request was not sent. The [`source`](std::error::Error::source) says why.
///
/// A custom transport should return it too: it separates failures to connect, which are safe to retry, from failures
/// after the request was sent.
#[derive(Debug)]
pub struct ConnectError {
    target: String,
    proxy: Option<String>,
    source: BoxError,
}

impl ConnectError {
    /// The connection that a request to `uri` needs failed with `source`.
    pub fn new(uri: &Uri, source: impl Into<BoxError>) -> Self {
        let scheme = uri.scheme_str().unwrap_or_default();
        let host = uri.host().unwrap_or_default();
        let target = match uri.port_u16() {
            Some(port) => format!("{scheme}://{host}:{port}"),
            None => format!("{scheme}://{host}"),
        };
        Self {
            target,
            proxy: None,
            source: source.into(),
        }
    }

    /// The connection should have gone through this proxy, written without its credentials.
    #[must_use]
    pub fn through(mut self, proxy: impl Into<String>) -> Self {
        self.proxy = Some(proxy.into());
        self
    }

    /// The scheme, host and port of the proxy that the connection should have gone through, if there is one.
    #[must_use]
    pub fn proxy(&self) -> Option<&str> {
        self.proxy.as_deref()
    }

    /// Returns true if TLS is the reason: a certificate that is not trusted, or no version or cipher in common. Another
    /// attempt fails the same way.
    #[must_use]
    pub fn is_tls(&self) -> bool {
        is_tls_error(&*self.source)
    }

    /// The scheme, host and port (if one is written) that could not be reached, without a user name.
    #[must_use]
    pub fn target(&self) -> &str {
        &self.target
    }
}

impl fmt::Display for ConnectError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "could not connect to {}", self.target)?;
        match &self.proxy {
            Some(proxy) => write!(formatter, " through the proxy {proxy}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for ConnectError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&*self.source)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_host_is_named_and_nothing_secret() {
        let uri = Uri::from_static("https://user:canary@acme.okta.com:8443/api/v1/users?token=canary");
        let error = ConnectError::new(&uri, "connection refused");
        assert_eq!(error.to_string(), "could not connect to https://acme.okta.com:8443");
        assert!(!format!("{error:?}").contains("canary"));
    }
}
