use std::{error::Error, fmt, sync::Arc};

use http::StatusCode;
use tower::BoxError;

use crate::connect::tls::alert::{Peer, TlsFailure};

/// The reply codes of SOCKS 5 (RFC 1928 §6) that stay the same at the next attempt.
const NOT_ALLOWED: u8 = 2;
const COMMAND_NOT_SUPPORTED: u8 = 7;
const ADDRESS_NOT_SUPPORTED: u8 = 8;

/// Why a connection through the proxy failed. It is the source of a [`ConnectError`](crate::ConnectError), which names
/// the proxy.
#[derive(Clone, Debug)]
pub(crate) struct ProxyError(Fault, Option<Arc<dyn Error + Send + Sync>>);

#[derive(Clone, Copy, Debug)]
pub(super) enum Fault {
    /// The proxy itself cannot be reached.
    Unreachable,
    /// It asked for credentials, and got some or none.
    Credentials { given: bool, status: StatusCode },
    /// It refused `CONNECT`.
    Refused(StatusCode),
    /// Its response is not that of an HTTP proxy.
    NotAProxy,
    /// It closed the connection without a response.
    Closed,
    /// It sent data through the tunnel before the server did.
    UnexpectedData,
    /// The name of the org cannot be looked up on this side.
    Lookup,
    /// The SOCKS proxy accepts no credentials, or not these.
    SocksCredentials { given: bool },
    /// The SOCKS proxy refused to connect, with this reply code (RFC 1928 §6).
    SocksReply(u8),
    /// A host name or a credential is longer than SOCKS can carry.
    SocksTooLong,
    /// Its response is not that of a SOCKS proxy.
    NotASocksProxy,
}

impl ProxyError {
    pub(super) fn new(fault: Fault) -> Self {
        Self(fault, None)
    }

    pub(super) fn with(fault: Fault, source: impl Into<BoxError>) -> Self {
        Self(fault, Some(Arc::from(source.into())))
    }

    /// Whether another attempt would be refused, too.
    pub(crate) fn is_permanent(&self) -> bool {
        match self.0 {
            Fault::Credentials { .. }
            | Fault::NotAProxy
            | Fault::SocksCredentials { .. }
            | Fault::SocksTooLong
            | Fault::NotASocksProxy => true,
            Fault::Refused(status) => status.is_client_error(),
            Fault::SocksReply(reply) => matches!(reply, NOT_ALLOWED | COMMAND_NOT_SUPPORTED | ADDRESS_NOT_SUPPORTED),
            Fault::Unreachable | Fault::Closed | Fault::UnexpectedData | Fault::Lookup => false,
        }
    }

    /// Returns true if another address of the target would meet the same error.
    pub(super) fn concerns_the_proxy(&self) -> bool {
        !matches!(self.0, Fault::SocksReply(_) | Fault::Closed)
    }

    pub(super) fn unreachable(error: BoxError) -> Self {
        match TlsFailure::find(&*error, Peer::Proxy) {
            Some(refusal) => Self::with(Fault::Unreachable, refusal),
            None => Self::with(Fault::Unreachable, error),
        }
    }
}

impl fmt::Display for ProxyError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Fault::Unreachable => formatter.write_str("cannot connect to the proxy"),
            Fault::Credentials { given: true, status } => {
                write!(
                    formatter,
                    "the proxy does not accept the user name and the password: it answers {status}"
                )
            }
            Fault::Credentials { given: false, status } => write!(
                formatter,
                "the proxy asks for a user name and a password, and none are set: it answers {status}"
            ),
            Fault::Refused(status) => write!(
                formatter,
                "the proxy refuses to connect to this host: it answers {status}"
            ),
            Fault::NotAProxy => formatter.write_str("the server at this address is not an HTTP proxy"),
            Fault::Closed => formatter.write_str("the proxy closed the connection without a response"),
            Fault::UnexpectedData => formatter.write_str("the proxy sent unexpected data before the first request"),
            Fault::Lookup => formatter.write_str(
                "the name of the org cannot be looked up on this machine; with `socks5h` the proxy looks it up",
            ),
            Fault::SocksCredentials { given: true } => {
                formatter.write_str("the SOCKS proxy does not accept the user name and the password")
            }
            Fault::SocksCredentials { given: false } => {
                formatter.write_str("the SOCKS proxy asks for a user name and a password, and none are set")
            }
            Fault::SocksReply(reply) => {
                let reason = match *reply {
                    NOT_ALLOWED => "its rules do not allow it",
                    3 => "the network is unreachable",
                    4 => "the host is unreachable",
                    5 => "the connection was refused",
                    6 => "the time to live expired",
                    COMMAND_NOT_SUPPORTED => "it does not support the command",
                    ADDRESS_NOT_SUPPORTED => "it does not support this kind of address",
                    _ => "general failure",
                };
                write!(formatter, "the SOCKS proxy cannot connect to this host: {reason}")
            }
            Fault::SocksTooLong => formatter
                .write_str("the host name, the user name or the password is longer than the 255 bytes of SOCKS 5"),
            Fault::NotASocksProxy => formatter.write_str("the server at this address is not a SOCKS 5 proxy"),
        }
    }
}

impl Error for ProxyError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.1.as_deref().map(|source| source as _)
    }
}
