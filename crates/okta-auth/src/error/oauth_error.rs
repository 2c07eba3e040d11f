use std::{error::Error, fmt, sync::Arc, time::Duration};

use http::StatusCode;

use crate::jose::{key::key_error::KeyError, sign_error::SignError};

/// Why there is no access token. It holds neither a token nor an assertion.
///
/// `Debug` is the readable text with its cause, for it is what a `main` shows that returns the error.
#[derive(Clone)]
pub struct OAuthError {
    kind: Kind,
    response: ResponseFacts,
}

/// What is known of the response of the token endpoint, if there was one.
#[derive(Clone, Debug, Default)]
pub(crate) struct ResponseFacts {
    pub(crate) endpoint: Box<str>,
    pub(crate) status: Option<StatusCode>,
    pub(crate) request_id: Option<Box<str>>,
    pub(crate) retry_after: Option<Duration>,
}

#[derive(Clone)]
enum Kind {
    /// The token endpoint has said no, in the form of RFC 6749 §5.2.
    Refused {
        error: Box<str>,
        description: Option<Box<str>>,
    },
    /// The response is not one of a token endpoint.
    Garbage { what: Box<str> },
    /// There was no response.
    Unreachable(Arc<dyn Error + Send + Sync>),
    /// The assertion or the proof could not be made.
    NotSigned(SignError),
    /// A custom token source failed.
    Other(Arc<dyn Error + Send + Sync>),
    /// It took too long.
    TimedOut(Duration),
    /// The task that fetched the token ended early: its runtime was shut down, or it panicked.
    Lost,
    /// It has failed a moment ago and is not tried again yet.
    Waiting {
        age: Duration,
        retry_in: Duration,
        cause: Arc<OAuthError>,
    },
}

impl OAuthError {
    /// Wraps the failure of a token source. What it says is shown to users, so it must hold no secret.
    pub fn other(error: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Kind::Other(error.into().into()).into()
    }

    pub(crate) fn garbage(what: impl Into<Box<str>>) -> Self {
        Kind::Garbage { what: what.into() }.into()
    }

    pub(crate) fn refused(error: &str, description: Option<&str>) -> Self {
        Kind::Refused {
            error: printable(error),
            description: description.map(printable),
        }
        .into()
    }

    pub(crate) fn unreachable(cause: Box<dyn Error + Send + Sync>) -> Self {
        Kind::Unreachable(cause.into()).into()
    }

    pub(crate) fn timed_out(limit: Duration) -> Self {
        Kind::TimedOut(limit).into()
    }

    pub(crate) fn lost() -> Self {
        Kind::Lost.into()
    }

    pub(crate) fn waiting(age: Duration, retry_in: Duration, cause: Arc<Self>) -> Self {
        Kind::Waiting { age, retry_in, cause }.into()
    }

    pub(crate) fn with_response(mut self, response: ResponseFacts) -> Self {
        self.response = response;
        self
    }

    /// The error code of the token endpoint (RFC 6749 §5.2), such as `invalid_client`.
    #[must_use]
    pub fn error(&self) -> Option<&str> {
        match &self.first().kind {
            Kind::Refused { error, .. } => Some(error),
            _ => None,
        }
    }

    /// The token endpoint's description of the error.
    #[must_use]
    pub fn error_description(&self) -> Option<&str> {
        match &self.first().kind {
            Kind::Refused { description, .. } => description.as_deref(),
            _ => None,
        }
    }

    /// The status of the token endpoint's response, if there was one.
    #[must_use]
    pub fn status(&self) -> Option<StatusCode> {
        self.first().response.status
    }

    /// Okta's id of the request (`X-Okta-Request-Id`), which its support asks for.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        self.first().response.request_id.as_deref()
    }

    /// How long the token endpoint asks to wait; at most an hour.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        self.first().response.retry_after
    }

    /// Returns true if the same may succeed later without anything being changed: the endpoint was not reached, too busy or out
    /// of order.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        let first = self.first();
        match &first.kind {
            Kind::Unreachable(_) | Kind::TimedOut(_) | Kind::Lost => true,
            Kind::Refused { .. } | Kind::Garbage { .. } => first.response.status.is_some_and(is_transient),
            Kind::NotSigned(_) | Kind::Other(_) | Kind::Waiting { .. } => false,
        }
    }

    /// Returns true if the task that fetched the token ended early.
    pub(crate) const fn is_lost(&self) -> bool {
        matches!(self.kind, Kind::Lost)
    }

    /// The failure itself, where this only says that it has not been tried again.
    fn first(&self) -> &Self {
        match &self.kind {
            Kind::Waiting { cause, .. } => cause,
            _ => self,
        }
    }
}

fn is_transient(status: StatusCode) -> bool {
    status == StatusCode::TOO_MANY_REQUESTS || status == StatusCode::REQUEST_TIMEOUT || status.is_server_error()
}

/// A text of the server, on one line and of a reasonable length.
fn printable(text: &str) -> Box<str> {
    const MOST: usize = 500;
    let text = text.trim().chars().take(MOST);
    text.map(|char| if char.is_control() { ' ' } else { char }).collect()
}

/// What usually helps against an error of the token endpoint.
fn remedy(error: &str) -> Option<&'static str> {
    Some(match error {
        "invalid_client" => {
            "check the client id, and that the public half of this key (and its kid) is registered with the app in Okta"
        }
        "invalid_scope" => "grant the scopes to the app in Okta (Okta API Scopes), or ask for fewer",
        "unauthorized_client" => "let the app use the grant type Client Credentials in Okta",
        "access_denied" => "look at the authorization server's access policy in Okta: no rule of it admits this app",
        "invalid_dpop_proof" | "use_dpop_nonce" => {
            "check the clock of this machine and the proxies between it and Okta: the header DPoP must arrive unchanged"
        }
        _ => return None,
    })
}

impl From<Kind> for OAuthError {
    fn from(kind: Kind) -> Self {
        Self {
            kind,
            response: ResponseFacts::default(),
        }
    }
}

impl From<SignError> for OAuthError {
    fn from(error: SignError) -> Self {
        Kind::NotSigned(error).into()
    }
}

impl From<KeyError> for OAuthError {
    fn from(error: KeyError) -> Self {
        SignError::new(error).into()
    }
}

impl fmt::Display for OAuthError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ResponseFacts {
            endpoint,
            status,
            request_id,
            ..
        } = &self.response;
        match &self.kind {
            Kind::Refused { error, description } => {
                write!(formatter, "no access token: {endpoint} returned {error}")?;
                if let Some(description) = description {
                    write!(formatter, " ({description})")?;
                }
            }
            Kind::Garbage { what } if endpoint.is_empty() => write!(formatter, "no access token: {what}")?,
            Kind::Garbage { what } => write!(
                formatter,
                "no access token: the response of {endpoint} cannot be used: {what}"
            )?,
            Kind::Unreachable(_) => write!(formatter, "no access token: {endpoint} cannot be reached")?,
            Kind::NotSigned(_) => formatter.write_str("no access token: the assertion or proof could not be made")?,
            Kind::Other(_) => formatter.write_str("no access token: its source failed")?,
            Kind::TimedOut(limit) => write!(formatter, "no access token: none came within {limit:?}")?,
            Kind::Lost => formatter.write_str("no access token: the task that fetched it ended early")?,
            Kind::Waiting { age, retry_in, cause } => {
                return write!(
                    formatter,
                    "{cause} (that was {age:.1?} ago; it is tried again in {retry_in:.1?})"
                );
            }
        }
        if let Some(status) = status {
            write!(formatter, ", status {}", status.as_u16())?;
        }
        if let Some(request_id) = request_id {
            write!(formatter, ", request id {request_id}")?;
        }
        match self.error().and_then(remedy) {
            Some(remedy) => write!(formatter, "; {remedy}"),
            None => Ok(()),
        }
    }
}

impl fmt::Debug for OAuthError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{self}")?;
        match self.source() {
            Some(cause) => write!(formatter, ": {cause:?}"),
            None => Ok(()),
        }
    }
}

impl Error for OAuthError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match &self.first().kind {
            Kind::Unreachable(cause) | Kind::Other(cause) => Some(&**cause),
            Kind::NotSigned(cause) => Some(cause),
            _ => None,
        }
    }
}
