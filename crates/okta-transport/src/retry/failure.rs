use std::{error::Error, io};

use okta_auth::AuthError;

use crate::{ConnectError, TimeoutError, TimeoutKind, causes};

/// What is known about a request that got no response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Failure {
    /// There was no connection, so it was not sent.
    NotSent,
    /// The connection broke or the response did not come in time: whether it was carried out, nobody knows.
    Interrupted,
    /// Something that another attempt would not change, or that we know nothing about.
    Permanent,
}

impl Failure {
    /// The outermost cause that says something decides: what lies below a failure to connect, for example, is how that came
    /// about.
    pub(crate) fn of(error: &(dyn Error + 'static)) -> Self {
        if is_objection_of_tls(error) || is_objection_of_proxy(error) {
            return Self::Permanent;
        }
        if let Some(AuthError::OAuth(error)) = causes::find(error) {
            // What failed is the request for a token; the one it was for was not sent.
            return if error.is_transient() {
                Self::NotSent
            } else {
                Self::Permanent
            };
        }
        causes::causes(error).find_map(Self::of_one).unwrap_or(Self::Permanent)
    }

    fn of_one(error: &(dyn Error + 'static)) -> Option<Self> {
        if error.is::<ConnectError>() {
            return Some(Self::NotSent);
        }
        if let Some(timeout) = error.downcast_ref::<TimeoutError>() {
            return Some(match timeout.kind() {
                TimeoutKind::Connect => Self::NotSent,
                TimeoutKind::Attempt => Self::Interrupted,
                _ => Self::Permanent,
            });
        }
        if let Some(error) = error.downcast_ref::<io::Error>() {
            return is_interruption(error.kind()).then_some(Self::Interrupted);
        }
        of_hyper(error)
    }
}

/// Whether the request has certainly not left this machine: there was no connection or there were no credentials, or they were
/// refused to it. Another attempt may fail the same way.
pub(crate) fn was_not_sent(error: &(dyn Error + 'static)) -> bool {
    causes::find::<AuthError>(error).is_some() || {
        causes::causes(error).any(|cause| Failure::of_one(cause) == Some(Failure::NotSent))
    }
}

fn is_interruption(kind: io::ErrorKind) -> bool {
    use io::ErrorKind::{
        BrokenPipe, ConnectionAborted, ConnectionRefused, ConnectionReset, HostUnreachable, NetworkDown,
        NetworkUnreachable, NotConnected, TimedOut, UnexpectedEof,
    };
    matches!(
        kind,
        BrokenPipe
            | ConnectionAborted
            | ConnectionRefused
            | ConnectionReset
            | HostUnreachable
            | NetworkDown
            | NetworkUnreachable
            | NotConnected
            | TimedOut
            | UnexpectedEof
    )
}

/// What TLS objects to, a certificate for example, it will object to again. A connection that breaks in the middle of it is
/// no objection but an error of `std::io`.
#[cfg(feature = "hyper")]
fn is_objection_of_tls(error: &(dyn Error + 'static)) -> bool {
    causes::find::<rustls::Error>(error).is_some()
}

#[cfg(not(feature = "hyper"))]
fn is_objection_of_tls(_: &(dyn Error + 'static)) -> bool {
    false
}

/// Credentials that a proxy refuses it will refuse again, and a target as well.
#[cfg(feature = "hyper")]
fn is_objection_of_proxy(error: &(dyn Error + 'static)) -> bool {
    causes::find::<crate::proxy::ProxyError>(error).is_some_and(crate::proxy::ProxyError::is_permanent)
}

#[cfg(not(feature = "hyper"))]
fn is_objection_of_proxy(_: &(dyn Error + 'static)) -> bool {
    false
}

/// Hyper's errors come from the connection, unless the request was wrong or the response no HTTP.
#[cfg(feature = "hyper")]
fn of_hyper(error: &(dyn Error + 'static)) -> Option<Failure> {
    let error = error.downcast_ref::<hyper::Error>()?;
    Some(if error.is_user() || error.is_parse() {
        Failure::Permanent
    } else {
        Failure::Interrupted
    })
}

#[cfg(not(feature = "hyper"))]
fn of_hyper(_: &(dyn Error + 'static)) -> Option<Failure> {
    None
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use http::Uri;
    use okta_auth::OAuthError;
    use tower::BoxError;

    use super::*;

    fn of(error: impl Into<BoxError>) -> Failure {
        Failure::of(&*error.into())
    }

    fn timeout(kind: TimeoutKind) -> TimeoutError {
        TimeoutError::new(kind, Duration::from_secs(1))
    }

    fn connect(source: impl Into<BoxError>) -> ConnectError {
        ConnectError::new(&Uri::from_static("https://acme.okta.com"), source)
    }

    #[test]
    fn without_a_connection_nothing_was_sent_however_that_came_about() {
        assert_eq!(of(connect("no such host")), Failure::NotSent);
        let reset = io::Error::from(io::ErrorKind::ConnectionReset);
        assert_eq!(of(connect(reset)), Failure::NotSent);
        assert_eq!(of(timeout(TimeoutKind::Connect)), Failure::NotSent);
        assert_eq!(of(AuthError::other(connect("no such host"))), Failure::NotSent);
    }

    #[test]
    fn a_connection_that_broke_and_an_answer_too_late_leave_the_outcome_open() {
        assert_eq!(
            of(io::Error::from(io::ErrorKind::ConnectionReset)),
            Failure::Interrupted
        );
        assert_eq!(of(timeout(TimeoutKind::Attempt)), Failure::Interrupted);
    }

    #[test]
    fn anything_else_is_permanent() {
        assert_eq!(of(timeout(TimeoutKind::Total)), Failure::Permanent);
        assert_eq!(of(io::Error::from(io::ErrorKind::PermissionDenied)), Failure::Permanent);
        assert_eq!(of(AuthError::other("the vault is locked")), Failure::Permanent);
        let reset = io::Error::from(io::ErrorKind::ConnectionReset);
        let no_token = OAuthError::other(reset);
        assert_eq!(of(AuthError::OAuth(no_token.into())), Failure::Permanent);
        assert_eq!(of("a layer of yours says no"), Failure::Permanent);
    }

    #[cfg(feature = "hyper")]
    #[test]
    fn a_certificate_that_is_not_trusted_is_permanent() {
        let refused = rustls::Error::InvalidCertificate(rustls::CertificateError::UnknownIssuer);
        assert_eq!(of(connect(io::Error::other(refused))), Failure::Permanent);
    }
}
