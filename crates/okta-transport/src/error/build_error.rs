use std::{error::Error, fmt};

use http::{
    header::{HeaderName, InvalidHeaderName, InvalidHeaderValue},
    uri::InvalidUri,
};
use okta_auth::AuthError;
use okta_config::{ConfigError, ProxyUrlError};
use tower::BoxError;

use super::causes;

/// Why a stack cannot be built. Nothing was connected to and nothing sent.
///
/// `Debug` is the readable text with its cause, for it is what a `main` shows that returns the error.
#[derive(thiserror::Error)]
#[non_exhaustive]
pub enum BuildError {
    /// The addition to the `User-Agent` contains what no header value may contain.
    #[error("the user agent {extra:?} contains a character that a header must not: use visible ASCII and spaces")]
    UserAgent {
        /// What was to be appended.
        extra: String,
        /// What `http` says of it.
        source: InvalidHeaderValue,
    },

    /// A text is not the name of a header.
    #[error("{name:?} is not the name of a header: use letters, digits and `-`")]
    HeaderName {
        /// The text.
        name: String,
        /// What `http` says of it.
        source: InvalidHeaderName,
    },

    /// The value of a header contains what none may contain.
    #[error("the value of the header `{header}` contains a character that a header must not, such as a line break")]
    HeaderValue {
        /// The name of the header. Its value may be secret and is not stored.
        header: HeaderName,
        /// What `http` says of it.
        source: InvalidHeaderValue,
    },

    /// A header for all requests is one that the authenticator sets, so every call would fail.
    #[error(
        "the header `{header}` for all requests is set by the authenticator: \
         leave it out, or build the stack without an authenticator"
    )]
    HeaderTaken {
        /// The name of the header.
        header: HeaderName,
    },

    /// A header for all requests belongs to the connection ([`is_connection_header`](crate::header::is_connection_header)).
    #[error(
        "the header `{header}` for all requests belongs to the connection and is set when a request is sent: leave it out"
    )]
    ConnectionHeader {
        /// The name of the header.
        header: HeaderName,
    },

    /// A `Host` header for all requests names another host than the org, so every call would fail.
    #[error(transparent)]
    ForeignHost(AuthError),

    /// A certificate that was to be trusted cannot be read.
    #[error("root certificate number {number} cannot be read: give it in PEM form, or leave it out")]
    RootCertificate {
        /// Which one of its PEM text, counted from 1.
        number: usize,
        /// What is wrong with it.
        source: BoxError,
    },

    /// A PEM text that should have certificates in it has none.
    #[error("no certificate in the PEM text of a root certificate: it must have `-----BEGIN CERTIFICATE-----` in it")]
    NoRootCertificate,

    /// TLS cannot be set up, for example because the platform has no root certificates at all.
    #[error("TLS cannot be set up: install the root certificates of the platform, or add them to the builder")]
    Tls(#[source] BoxError),

    /// The certificate of the client, or its key, cannot be used.
    #[error("the client certificate cannot be used")]
    ClientCertificate {
        /// What is wrong. It never quotes the key.
        source: BoxError,
    },

    /// A TLS setting would have no effect beside a custom TLS configuration.
    #[error("`{setting}` has no effect beside `tls_config`: put it into that configuration, or leave one of them out")]
    TlsConfigReplaces {
        /// The builder's method.
        setting: &'static str,
    },

    /// There is nothing to encrypt with.
    #[error(
        "no cryptography for TLS: build okta-transport with the feature `aws-lc-rs` or `ring`, \
         or give a configuration of your own with `tls_config`"
    )]
    NoCryptography,

    /// A proxy cannot be used as it is set.
    #[error(transparent)]
    ProxyConfig(#[from] ConfigError),

    /// A text is not the URL of a proxy.
    #[error(transparent)]
    ProxyUrl(#[from] ProxyUrlError),

    /// The host of a proxy contains what no address may contain.
    #[error(
        "the proxy {address} has an address that cannot be connected to: write its host name with letters, digits, `-` and `.`"
    )]
    ProxyAddress {
        /// Its address, without credentials.
        address: String,
        /// What `http` says of it.
        source: InvalidUri,
    },

    /// The authenticator cannot be made.
    #[error(transparent)]
    Authenticator(AuthError),

    /// The cache has no authenticator by which to separate the entries of different callers.
    #[error(
        "a cache needs an authenticator, since a response is kept for the caller it was meant for: set one, or leave the cache out"
    )]
    CacheWithoutPrincipal,

    /// There is nothing to send requests with.
    #[error("no transport: call `service`, or enable the feature `hyper` of okta-transport")]
    NoService,

    /// A setting is for the hyper service, but another service was given.
    #[error("`{setting}` sets up the hyper service, which `service` has replaced: set up your own service instead")]
    UnusedSetting {
        /// The builder's method.
        setting: &'static str,
    },
}

impl fmt::Debug for BuildError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{self}")?;
        match self.source() {
            Some(cause) => write!(formatter, ": {}", causes::describe(cause)),
            None => Ok(()),
        }
    }
}
