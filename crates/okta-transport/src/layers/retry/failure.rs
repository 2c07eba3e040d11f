use std::{error::Error, io};

use okta_auth::AuthError;

use crate::{
    error::{
        causes,
        connect_error::ConnectError,
        name_lookup_error::NameLookupError,
        response_body_error::ResponseBodyError,
        timeout_error::{TimeoutError, TimeoutKind},
        tls::is_tls_error,
    },
    layers::{guard::error::is_withheld, rate_limit::error::RateLimitWaitError},
};

/// What an error says about a request that got no response: whether it was sent, and whether another attempt can succeed.
///
/// [`DefaultRetryPolicy`](crate::retry::DefaultRetryPolicy) decides by it. Use [`FailureKind::of`](Self::of) in a retry policy
/// of your own, or in a loop that must end when waiting is useless.
///
/// ```
/// use okta_transport::{ConnectError, retry::FailureKind};
///
/// let uri = http::Uri::from_static("https://acme.okta.com");
/// let error = ConnectError::new(&uri, "connection refused");
/// assert_eq!(FailureKind::of(&error), FailureKind::NotSent);
/// assert!(!FailureKind::of(&error).is_permanent());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum FailureKind {
    /// No connection could be opened, so the request was not sent. Another attempt may succeed.
    NotSent,
    /// The host name could not be looked up, so the request was not sent.
    ///
    /// The name may not exist, or the name server may be unavailable for a moment: the operating system does not report
    /// the difference reliably. Retry a few times (three), then treat it as permanent.
    NameLookup,
    /// The connection broke or the response did not come in time. The server may have carried the request out.
    Interrupted,
    /// Another attempt fails the same way: a certificate that is not trusted, no common TLS version, a proxy that
    /// refuses the credentials (407) or the target (403), credentials that cannot be obtained, an exhausted total
    /// timeout, a malformed request or response, a write that a [guard](crate::guard) withholds.
    Permanent,
    /// The error is of a type that the transport does not know, such as one of your own layers.
    Unknown,
}

impl FailureKind {
    /// Classifies an error of the transport, or an error that has one among its sources.
    ///
    /// The outermost source of a known type decides: the sources of a failure to connect, for example, only explain
    /// it.
    #[must_use]
    pub fn of(error: &(dyn Error + 'static)) -> Self {
        if is_withheld(error) || is_tls_error(error) || is_permanent_proxy_error(error) {
            return Self::Permanent;
        }
        if let Some(AuthError::OAuth(error)) = causes::find(error) {
            // What failed is the request for a token; the one it was for was not sent.
            return if error.is_transient() {
                lookup_of(error).unwrap_or(Self::NotSent)
            } else {
                Self::Permanent
            };
        }
        if let Some(error) = causes::find(error) {
            return of_body(error);
        }
        lookup_of(error)
            .or_else(|| causes::causes(error).find_map(Self::of_one))
            .unwrap_or(Self::Unknown)
    }

    /// Returns true if another attempt cannot succeed ([`Permanent`](Self::Permanent)).
    #[must_use]
    pub fn is_permanent(self) -> bool {
        self == Self::Permanent
    }

    fn of_one(error: &(dyn Error + 'static)) -> Option<Self> {
        if error.is::<ConnectError>() {
            return Some(Self::NotSent);
        }
        if let Some(timeout) = error.downcast_ref::<TimeoutError>() {
            return Some(match timeout.kind() {
                TimeoutKind::Connect => Self::NotSent,
                TimeoutKind::Attempt | TimeoutKind::BodyIdle => Self::Interrupted,
                _ => Self::Permanent,
            });
        }
        if let Some(error) = error.downcast_ref::<io::Error>() {
            return is_interruption(error.kind()).then_some(Self::Interrupted);
        }
        of_hyper(error)
    }
}

fn lookup_of(error: &(dyn Error + 'static)) -> Option<FailureKind> {
    causes::find::<NameLookupError>(error).map(|_| FailureKind::NameLookup)
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

/// Credentials that a proxy refuses it will refuse again, and a target as well.
#[cfg(feature = "hyper")]
fn is_permanent_proxy_error(error: &(dyn Error + 'static)) -> bool {
    causes::find::<crate::connect::proxy::error::ProxyError>(error)
        .is_some_and(crate::connect::proxy::error::ProxyError::is_permanent)
}

#[cfg(not(feature = "hyper"))]
fn is_permanent_proxy_error(_: &(dyn Error + 'static)) -> bool {
    false
}

/// Returns true if the request that this error is about may have been carried out by the server: it was sent, or
/// nothing is known about it.
///
/// It is false for what ends a request before it is sent: no connection, no credentials, no time left for a rate limit, a total
/// timeout while a rate limit or credentials held it back, a guard;
/// and for a request of which HTTP/2 says that it was not processed.
#[must_use]
pub fn maybe_carried_out(error: &(dyn Error + 'static)) -> bool {
    // A request with a response was sent, even if its body broke off.
    if causes::find::<ResponseBodyError>(error).is_some() {
        return true;
    }
    let is_unsent = is_withheld(error)
        || causes::causes(error).any(|cause| {
            FailureKind::of_one(cause) == Some(FailureKind::NotSent)
                || cause.is::<AuthError>()
                || cause.is::<ConnectError>()
                || cause.is::<RateLimitWaitError>()
                || cause.downcast_ref().is_some_and(TimeoutError::is_unsent)
        });
    !is_unsent
}

/// A body breaks off for the reasons that a connection does. One that is too large or damaged would be so again.
fn of_body(error: &ResponseBodyError) -> FailureKind {
    if error.exceeds().is_some() || is_damage(error) {
        FailureKind::Permanent
    } else {
        FailureKind::Interrupted
    }
}

#[cfg(feature = "__decompression")]
fn is_damage(error: &(dyn Error + 'static)) -> bool {
    causes::find::<crate::layers::decompression::DecompressionError>(error)
        .is_some_and(crate::layers::decompression::DecompressionError::is_damage)
}

#[cfg(not(feature = "__decompression"))]
fn is_damage(_: &(dyn Error + 'static)) -> bool {
    false
}

/// Hyper's errors come from the connection, unless the request was wrong or the response no HTTP.
#[cfg(feature = "hyper")]
fn of_hyper(error: &(dyn Error + 'static)) -> Option<FailureKind> {
    if let Some(error) = error.downcast_ref::<hyper::Error>() {
        // What hyper cancels it has not begun to send.
        return Some(
            if error.is_canceled() || causes::find(error).is_some_and(is_not_processed) {
                FailureKind::NotSent
            } else if error.is_parse() || (error.is_user() && !is_dispatch_gone(error)) {
                FailureKind::Permanent
            } else {
                FailureKind::Interrupted
            },
        );
    }
    let error = error.downcast_ref::<h2::Error>()?;
    Some(if is_not_processed(error) {
        FailureKind::NotSent
    } else {
        FailureKind::Interrupted
    })
}

/// The server says that it has not processed the request (RFC 9113 §8.7): it refused the stream, or it closes the
/// connection and named an earlier stream as the last one. h2 reports the latter for streams beyond that one only;
/// those it will still answer end with an error of input and output if the connection breaks.
#[cfg(feature = "hyper")]
fn is_not_processed(error: &h2::Error) -> bool {
    error.is_remote() && (error.is_go_away() || error.reason() == Some(h2::Reason::REFUSED_STREAM))
}

/// The task of a connection ended without an outcome. Hyper counts that as an error of its user and has no method for it.
#[cfg(feature = "hyper")]
fn is_dispatch_gone(error: &hyper::Error) -> bool {
    error.to_string().contains("dispatch task is gone")
}

#[cfg(not(feature = "hyper"))]
fn of_hyper(_: &(dyn Error + 'static)) -> Option<FailureKind> {
    None
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use http::Uri;
    use okta_auth::OAuthError;
    use tower::BoxError;

    use super::*;

    fn of(error: impl Into<BoxError>) -> FailureKind {
        FailureKind::of(&*error.into())
    }

    fn timeout(kind: TimeoutKind) -> TimeoutError {
        TimeoutError::new(kind, Duration::from_secs(1))
    }

    fn connect(source: impl Into<BoxError>) -> ConnectError {
        ConnectError::new(&Uri::from_static("https://acme.okta.com"), source)
    }

    #[test]
    fn without_a_connection_nothing_was_sent_however_that_came_about() {
        assert_eq!(of(connect("no such host")), FailureKind::NotSent);
        let reset = io::Error::from(io::ErrorKind::ConnectionReset);
        assert_eq!(of(connect(reset)), FailureKind::NotSent);
        assert_eq!(of(timeout(TimeoutKind::Connect)), FailureKind::NotSent);
        assert_eq!(of(AuthError::other(connect("no such host"))), FailureKind::NotSent);
    }

    #[test]
    fn b5_a_name_that_cannot_be_looked_up_is_distinguished() {
        let lookup = NameLookupError::new("acme.okta.test", io::Error::other("not known"));
        let error = connect(lookup);
        assert_eq!(FailureKind::of(&error), FailureKind::NameLookup);
        assert!(!FailureKind::of(&error).is_permanent());
        assert_eq!(of(AuthError::other(error)), FailureKind::NameLookup);
    }

    #[test]
    fn a_connection_that_broke_and_an_answer_too_late_leave_the_outcome_open() {
        assert_eq!(
            of(io::Error::from(io::ErrorKind::ConnectionReset)),
            FailureKind::Interrupted
        );
        assert_eq!(of(timeout(TimeoutKind::Attempt)), FailureKind::Interrupted);
        assert_eq!(of(timeout(TimeoutKind::BodyIdle)), FailureKind::Interrupted);
    }

    fn body(cause: crate::error::response_body_error::Cause) -> ResponseBodyError {
        ResponseBodyError::new(http::StatusCode::OK, http::HeaderMap::new(), bytes::Bytes::new(), cause)
    }

    #[test]
    fn b21_a_body_that_breaks_off_is_an_interruption_whatever_the_reason_and_one_too_large_is_permanent() {
        use crate::error::response_body_error::Cause;
        for reason in [
            BoxError::from("an error of another HTTP client"),
            timeout(TimeoutKind::BodyIdle).into(),
            io::Error::from(io::ErrorKind::ConnectionReset).into(),
        ] {
            assert_eq!(of(body(Cause::Broken(reason))), FailureKind::Interrupted);
        }
        assert_eq!(of(body(Cause::TooLarge(10))), FailureKind::Permanent);
    }

    #[test]
    fn what_was_not_sent_was_not_carried_out() {
        let reset = || io::Error::from(io::ErrorKind::ConnectionReset);
        let refused = ["refused", "reset"].map(connect);
        for error in refused {
            assert!(!maybe_carried_out(&error), "{error}");
        }
        assert!(!maybe_carried_out(&timeout(TimeoutKind::Connect)));
        assert!(!maybe_carried_out(&AuthError::other("the vault is locked")));
        for kind in [TimeoutKind::Attempt, TimeoutKind::BodyIdle, TimeoutKind::Total] {
            assert!(maybe_carried_out(&timeout(kind)), "{kind:?}");
        }
        assert!(maybe_carried_out(&reset()));
        assert!(maybe_carried_out(&body(
            crate::error::response_body_error::Cause::TooLarge(1)
        )));
    }

    #[test]
    fn what_another_attempt_would_not_change_is_permanent_and_other_types_are_unknown() {
        assert_eq!(of(timeout(TimeoutKind::Total)), FailureKind::Permanent);
        assert_eq!(
            of(io::Error::from(io::ErrorKind::PermissionDenied)),
            FailureKind::Unknown
        );
        assert_eq!(of(AuthError::other("the vault is locked")), FailureKind::Unknown);
        let reset = io::Error::from(io::ErrorKind::ConnectionReset);
        let no_token = OAuthError::other(reset);
        assert_eq!(of(AuthError::OAuth(no_token.into())), FailureKind::Permanent);
        assert_eq!(of("a custom layer refuses"), FailureKind::Unknown);
    }

    #[cfg(feature = "hyper")]
    #[test]
    fn a_certificate_that_is_not_trusted_is_permanent() {
        let refused = rustls::Error::InvalidCertificate(rustls::CertificateError::UnknownIssuer);
        assert_eq!(of(connect(io::Error::other(refused))), FailureKind::Permanent);
    }

    /// The error of a request on a connection whose task is dropped before, or after, it takes the request.
    #[cfg(feature = "hyper")]
    async fn dropped(takes_it: bool) -> hyper::Error {
        let (ours, _theirs) = tokio::io::duplex(1024);
        let io = hyper_util::rt::TokioIo::new(ours);
        let (mut sender, mut connection) = hyper::client::conn::http1::handshake(io).await.unwrap();
        let request = http::Request::new(crate::service::body::Body::empty());
        let response = sender.send_request(request);
        if takes_it {
            std::future::poll_fn(|context| {
                let _ = std::pin::Pin::new(&mut connection).poll(context);
                std::task::Poll::Ready(())
            })
            .await;
        }
        drop(connection);
        response.await.unwrap_err()
    }

    #[cfg(feature = "hyper")]
    #[tokio::test]
    async fn f11_a_connection_whose_task_is_gone_is_an_interruption_and_what_it_did_not_take_was_not_sent() {
        let gone = dropped(true).await;
        assert!(
            gone.is_user() && gone.to_string().contains("dispatch task is gone"),
            "{gone:?}"
        );
        assert_eq!(FailureKind::of(&gone), FailureKind::Interrupted);
        let canceled = dropped(false).await;
        assert!(canceled.is_canceled(), "{canceled:?}");
        assert_eq!(FailureKind::of(&canceled), FailureKind::NotSent);
    }
}
