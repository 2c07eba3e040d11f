//! What logs show of an error.

use std::{borrow::Cow, error::Error, fmt, io};

use okta_auth::AuthError;

use crate::{
    error::{
        causes::{causes, find},
        connect_error::ConnectError,
        response_body_error::ResponseBodyError,
        timeout_error::TimeoutError,
    },
    layers::{
        guard::error::{DryRunError, ReadOnlyError},
        rate_limit::error::RateLimitWaitError,
    },
};

/// A future was dropped before it was done.
pub(super) const CANCELLED: &str = "cancelled";

/// An error in two words: the value of `error.type`, and what is known to be fit for a log.
///
/// Errors of layers and services from elsewhere may quote an address, a header or a body. So only those are given in
/// words that this crate knows to hold no secret; the caller gets every error whole.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct ErrorSummary {
    pub(crate) kind: &'static str,
    pub(super) message: Option<Cow<'static, str>>,
}

impl ErrorSummary {
    pub(super) const CANCELLED: Self = Self {
        kind: CANCELLED,
        message: None,
    };

    /// Goes by the first error of the chain that is known; by an I/O error only if nothing better is, for those wrap
    /// others.
    pub(crate) fn of(error: &(dyn Error + 'static)) -> Self {
        let (kind, message) = if let Some((kind, message)) = causes(error).find_map(own) {
            (kind, Some(message.into()))
        } else if let Some(error) = find::<ResponseBodyError>(error) {
            ("body", Some(error.to_string().into()))
        } else if let Some(error) = find::<io::Error>(error) {
            ("io", Some(error.kind().to_string().into()))
        } else {
            ("_OTHER", None)
        };
        Self { kind, message }
    }
}

impl fmt::Display for ErrorSummary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.message {
            Some(message) => write!(f, "{}: {message}", self.kind),
            None => f.write_str(self.kind),
        }
    }
}

/// The errors of this SDK.
fn own(error: &(dyn Error + 'static)) -> Option<(&'static str, String)> {
    if let Some(error) = error.downcast_ref::<TimeoutError>() {
        Some(("timeout", error.to_string()))
    } else if let Some(error) = error.downcast_ref::<RateLimitWaitError>() {
        Some(("rate_limit", error.to_string()))
    } else if let Some(error) = error.downcast_ref::<ConnectError>() {
        Some((
            "connect",
            match find::<io::Error>(error) {
                Some(cause) => format!("{error}: {}", cause.kind()),
                None => error.to_string(),
            },
        ))
    } else if error.is::<ReadOnlyError>() || error.is::<DryRunError>() {
        Some(("withheld", error.to_string()))
    } else {
        let error = error.downcast_ref::<AuthError>()?;
        Some(("auth", error.to_string()))
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use http::Uri;

    use super::*;
    use crate::error::timeout_error::TimeoutKind;

    #[derive(Debug, thiserror::Error)]
    #[error("canary")]
    struct Foreign(#[source] Option<Box<dyn Error>>);

    fn summary(error: impl Error + 'static) -> (&'static str, Option<String>) {
        let ErrorSummary { kind, message } = ErrorSummary::of(&error);
        (kind, message.map(Cow::into_owned))
    }

    #[test]
    fn known_errors_are_described_and_others_only_counted_as_other() {
        let timeout = TimeoutError::new(TimeoutKind::Attempt, Duration::from_secs(30));
        let expected = ("timeout", Some(timeout.to_string()));
        assert_eq!(summary(timeout), expected);
        assert_eq!(summary(Foreign(Some(timeout.into()))), expected);
        assert_eq!(
            summary(io::Error::other(timeout)),
            ("timeout", Some(timeout.to_string()))
        );
        assert_eq!(summary(Foreign(None)), ("_OTHER", None));
        assert_eq!(summary(AuthError::NoAuthenticator).0, "auth");
    }

    #[test]
    fn of_an_io_error_only_the_kind_is_shown() {
        let io = || io::Error::new(io::ErrorKind::ConnectionReset, "canary");
        assert_eq!(summary(io()), ("io", Some("connection reset".into())));
        let uri = Uri::from_static("https://ann:canary@acme.okta.com/?token=canary");
        assert_eq!(
            summary(ConnectError::new(&uri, Foreign(Some(io().into())).to_string())),
            ("connect", Some("could not connect to https://acme.okta.com".into()))
        );
        assert_eq!(
            summary(ConnectError::new(&uri, io())),
            (
                "connect",
                Some("could not connect to https://acme.okta.com: connection reset".into())
            )
        );
    }
}
