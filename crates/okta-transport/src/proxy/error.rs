use std::{error::Error, fmt, sync::Arc};

use http::StatusCode;
use tower::BoxError;

use crate::tls::{Peer, TlsRefusal};

/// Why there is no way through the proxy. It is the source of a [`ConnectError`](crate::ConnectError), which names the
/// proxy.
#[derive(Clone, Debug)]
pub(crate) struct ProxyError(Fault, Option<Arc<dyn Error + Send + Sync>>);

#[derive(Clone, Copy, Debug)]
pub(super) enum Fault {
    /// There is no connection to the proxy itself.
    Unreachable,
    /// It asked for credentials, and got some or none.
    Credentials { given: bool, status: StatusCode },
    /// It said no to `CONNECT`.
    Refused(StatusCode),
    /// It does not answer as a proxy does.
    NotAProxy,
    /// It hung up instead of answering.
    HungUp,
    /// It sent bytes of its own through the tunnel.
    SpokeFirst,
    /// The name of the org cannot be looked up on this side.
    Lookup,
    /// SOCKS failed: the source says how.
    Socks { credentials_given: bool },
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
            Fault::Credentials { .. } | Fault::NotAProxy => true,
            Fault::Refused(status) => status.is_client_error(),
            Fault::Unreachable | Fault::HungUp | Fault::SpokeFirst | Fault::Lookup | Fault::Socks { .. } => false,
        }
    }

    pub(super) fn unreachable(error: BoxError) -> Self {
        match TlsRefusal::find(&*error, Peer::Proxy) {
            Some(refusal) => Self::with(Fault::Unreachable, refusal),
            None => Self::with(Fault::Unreachable, error),
        }
    }
}

impl fmt::Display for ProxyError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(fault, source) = self;
        match fault {
            Fault::Unreachable => formatter.write_str("there is no connection to the proxy"),
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
            Fault::NotAProxy => formatter.write_str("what answers there does not speak as an HTTP proxy does"),
            Fault::HungUp => formatter.write_str("the proxy closed the connection without an answer"),
            Fault::SpokeFirst => formatter.write_str("the proxy sent something before the org was asked anything"),
            Fault::Lookup => formatter.write_str(
                "the name of the org cannot be looked up on this machine; with `socks5h` the proxy looks it up",
            ),
            Fault::Socks { credentials_given } => {
                formatter.write_str("the SOCKS proxy refuses")?;
                if !credentials_given {
                    formatter.write_str(" (no user name and no password are set)")?;
                }
                match source {
                    Some(source) => write!(formatter, ": {source}"),
                    None => Ok(()),
                }
            }
        }
    }
}

impl Error for ProxyError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.1.as_deref().map(|source| source as _)
    }
}
