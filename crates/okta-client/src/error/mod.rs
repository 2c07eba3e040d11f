//! What can go wrong with a call.

mod api_error;
mod invalid_request;
mod missing_scopes;
mod one_line;
mod paging_problem;
mod store_problem;
mod unreadable_item;

use std::{error::Error as StdError, fmt, time::Duration};

use bytes::Bytes;
use http::{Extensions, HeaderMap, StatusCode, header::CONTENT_TYPE};
use okta_auth::AuthError;
use okta_transport::{
    Attempts, BoxError, ConnectError, Operation, RateLimitWaitError, ResponseBodyError, TimeoutError, causes,
    retry_after,
};
use tower::timeout::error::Elapsed;

use api_error::foreign_answer;
pub use api_error::{ApiError, ErrorCause};
pub(crate) use invalid_request::InvalidRequest;
pub(crate) use missing_scopes::MissingScopes;
use one_line::OneLine;
pub(crate) use paging_problem::PagingProblem;
pub(crate) use store_problem::StoreProblem;
pub(crate) use unreadable_item::UnreadableItem;

use crate::{RateLimit, response::request_id};

/// Why a call failed.
///
/// Ask with the predicates (`is_…`) what to do about it, and with the accessors for details; new kinds of failures may
/// come without breaking your program. `{}` says everything a log line needs: operation, status, Okta's code, summary and
/// causes, and the request id. No secret of yours is ever part of it.
pub struct Error(Box<Inner>);

struct Inner {
    operation: Option<&'static Operation>,
    kind: Kind,
    response: Option<Answered>,
    scopes: Option<MissingScopes>,
    /// Whether the request may have changed something.
    is_write: bool,
}

/// The response a failed call got, or what of it there was.
#[derive(Clone)]
pub(crate) struct Answered {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) extensions: Extensions,
    pub(crate) body: Bytes,
}

impl Answered {
    /// What there was of a response whose body broke off.
    pub(crate) fn of_broken(error: &ResponseBodyError) -> Self {
        Self {
            status: error.status(),
            headers: error.headers().clone(),
            extensions: Extensions::new(),
            body: error.received().clone(),
        }
    }

    /// Whether the answer calls itself JSON, and does not begin as a page of HTML.
    fn is_json(&self) -> bool {
        let content_type = self.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let is_named_json = content_type.is_none_or(|content_type| content_type.contains("json"));
        is_named_json && !self.body.trim_ascii_start().starts_with(b"<")
    }
}

enum Kind {
    Api(ApiError),
    Decode(BoxError),
    Transport(BoxError),
    InvalidRequest(InvalidRequest),
    Paging(PagingProblem),
    Store(StoreProblem),
}

impl Error {
    fn new(operation: Option<&'static Operation>, kind: Kind, response: Option<Answered>) -> Self {
        Self(Box::new(Inner {
            operation,
            kind,
            response,
            scopes: None,
            is_write: false,
        }))
    }
    /// An answer that is no success.
    pub(crate) fn api(operation: Option<&'static Operation>, answered: Answered) -> Self {
        let error = ApiError::parse(answered.status, &answered.headers, &answered.body);
        Self::new(operation, Kind::Api(error), Some(answered))
    }
    /// Says which scopes the call lacked, where that is known.
    pub(crate) fn lacking(mut self, scopes: Option<MissingScopes>) -> Self {
        self.0.scopes = scopes;
        self
    }
    /// Says whether the request may have changed something.
    pub(crate) fn write(mut self, is_write: bool) -> Self {
        self.0.is_write = is_write;
        self
    }
    pub(crate) fn decode(
        operation: Option<&'static Operation>,
        error: impl Into<BoxError>,
        answered: Answered,
    ) -> Self {
        Self::new(operation, Kind::Decode(error.into()), Some(answered))
    }
    /// A failure on the way; where the headers of the answer had come, they and the beginning of its body are kept.
    pub(crate) fn transport(
        operation: Option<&'static Operation>,
        error: BoxError,
        answered: Option<Answered>,
    ) -> Self {
        Self::new(operation, Kind::Transport(error), answered)
    }
    pub(crate) fn invalid_request(operation: Option<&'static Operation>, problem: InvalidRequest) -> Self {
        Self::new(operation, Kind::InvalidRequest(problem), None)
    }
    pub(crate) fn paging(
        operation: Option<&'static Operation>,
        problem: PagingProblem,
        answered: Option<Answered>,
    ) -> Self {
        Self::new(operation, Kind::Paging(problem), answered)
    }
    pub(crate) fn store(operation: Option<&'static Operation>, problem: StoreProblem) -> Self {
        Self::new(operation, Kind::Store(problem), None)
    }

    /// Whether Okta answered with an error.
    ///
    /// # Troubleshooting
    /// [`code`](Self::code) and [`causes`](Self::causes) say what Okta minds.
    #[must_use]
    pub fn is_api(&self) -> bool {
        matches!(self.0.kind, Kind::Api(_))
    }
    /// Whether the resource does not exist (404).
    #[must_use]
    pub fn is_not_found(&self) -> bool {
        self.is_api() && self.status() == Some(StatusCode::NOT_FOUND)
    }
    /// Whether a rate limit was exceeded (429), or would have been: the request was not sent because the call's time would
    /// have been over before the next window.
    ///
    /// # Troubleshooting
    /// [`retry_after`](Self::retry_after) and [`rate_limit`](Self::rate_limit) say when it is worth trying again.
    #[must_use]
    pub fn is_rate_limited(&self) -> bool {
        self.status() == Some(StatusCode::TOO_MANY_REQUESTS) || self.caused_by::<RateLimitWaitError>()
    }
    /// Whether a timeout passed, of the client or of a layer.
    ///
    /// # Troubleshooting
    /// `{}` says which timeout it was and its value.
    #[must_use]
    pub fn is_timeout(&self) -> bool {
        self.caused_by::<TimeoutError>() || self.caused_by::<Elapsed>() || self.caused_by::<RateLimitWaitError>()
    }
    /// Whether the credentials are the reason: none to be had, not accepted (401), or not sent because the address is
    /// not the org's.
    ///
    /// # Troubleshooting
    /// A 401 with `E0000011` means that the token is wrong, expired or of another org.
    #[must_use]
    pub fn is_auth(&self) -> bool {
        (self.is_api() && self.status() == Some(StatusCode::UNAUTHORIZED)) || self.caused_by::<AuthError>()
    }
    /// Whether the answer could not be read: truncated, no JSON, or altogether something else.
    ///
    /// # Troubleshooting
    /// [`body`](Self::body) is the answer as it came.
    #[must_use]
    pub fn is_decode(&self) -> bool {
        matches!(self.0.kind, Kind::Decode(_))
    }
    /// Whether no connection came about: name, network, proxy, TLS.
    #[must_use]
    pub fn is_connect(&self) -> bool {
        self.caused_by::<ConnectError>()
    }
    /// Whether the connection broke before the answer was complete, or a layer of yours failed. Whether Okta has carried the
    /// request out is unknown.
    #[must_use]
    pub fn is_interrupted(&self) -> bool {
        let is_transport = matches!(self.0.kind, Kind::Transport(_));
        is_transport && !self.is_timeout() && !self.is_connect() && !self.is_auth()
    }
    /// Whether a list cannot go on: the link to its next page is malformed, leads to another host or in circles.
    #[must_use]
    pub fn is_paging(&self) -> bool {
        matches!(self.0.kind, Kind::Paging(_))
    }
    /// Whether the store of a tail failed ([`CursorStore`](crate::CursorStore)): it cannot say where to go on, or keep how
    /// far the tail has come. Okta is not the reason, and no event is lost.
    ///
    /// # Troubleshooting
    /// `{}` names the store and its own error. Mend it and ask the tail for the next event again.
    #[must_use]
    pub fn is_store(&self) -> bool {
        matches!(self.0.kind, Kind::Store(_))
    }
    /// Whether the call was not sent because an argument is invalid.
    #[must_use]
    pub fn is_invalid_request(&self) -> bool {
        matches!(self.0.kind, Kind::InvalidRequest(_))
    }

    /// The HTTP status, where there was an answer.
    #[must_use]
    pub fn status(&self) -> Option<StatusCode> {
        self.0.response.as_ref().map(|response| response.status)
    }
    /// The headers of the answer, where there was one.
    #[must_use]
    pub fn headers(&self) -> Option<&HeaderMap> {
        self.0.response.as_ref().map(|response| &response.headers)
    }
    /// The body of the answer as it came, where there was one.
    #[must_use]
    pub fn body(&self) -> Option<&Bytes> {
        self.0.response.as_ref().map(|response| &response.body)
    }
    /// What Okta said, where it answered with an error.
    #[must_use]
    pub fn api_error(&self) -> Option<&ApiError> {
        match &self.0.kind {
            Kind::Api(error) => Some(error),
            _ => None,
        }
    }
    /// Okta's code for the error, `E0000007` for example.
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        self.api_error()?.code.as_deref()
    }
    /// The error in Okta's words.
    #[must_use]
    pub fn summary(&self) -> Option<&str> {
        self.api_error()?.summary.as_deref()
    }
    /// What led to the error, in Okta's words.
    #[must_use]
    pub fn causes(&self) -> &[ErrorCause] {
        self.api_error().map_or(&[], |error| &error.causes)
    }
    /// The scopes that the operation needs and the access token does not have, where the call was refused (401, 403) and the
    /// client knows what was granted.
    #[must_use]
    pub fn missing_scopes(&self) -> &[&'static str] {
        self.0.scopes.as_ref().map_or(&[], |scopes| &scopes.missing)
    }
    /// The id Okta gave the request: what its support asks for.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        request_id(self.headers()?)
    }
    /// What is left of the rate limit, where the answer says so.
    #[must_use]
    pub fn rate_limit(&self) -> Option<RateLimit> {
        RateLimit::from_headers(self.headers()?)
    }
    /// How long the answer asks to wait (`Retry-After`, RFC 9110 §10.2.3: seconds, or a date, which is taken relative to
    /// the answer's own `Date`).
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        match self.find::<RateLimitWaitError>() {
            Some(wait) => Some(wait.retry_after()),
            None => retry_after(self.headers()?, None),
        }
    }
    /// How often the request was sent, what each attempt came to and how long was waited in between; `None` where it was not
    /// sent, or not by a stack with retries.
    #[must_use]
    pub fn attempts(&self) -> Option<&Attempts> {
        let response = self.0.response.as_ref();
        response
            .and_then(|response| Attempts::of(&response.extensions))
            .or_else(|| Attempts::of_error(self.cause()?))
    }
    /// Returns true if Okta may have carried the request out although the call failed: it is a write, and its outcome or that
    /// of an earlier attempt is unknown (the connection broke, no response came in time, a gateway failed, the response
    /// cannot be read).
    ///
    /// It is false for a request that only reads, that was refused or that was not sent. A 404 to a repeated `DELETE` is
    /// true: an earlier attempt may have deleted the resource.
    ///
    /// # Troubleshooting
    /// Read the resource before you send the request again.
    #[must_use]
    pub fn maybe_carried_out(&self) -> bool {
        if self.maybe_carried_out_earlier() {
            return true;
        }
        self.0.is_write
            && match &self.0.kind {
                Kind::Api(_) => self.status().is_some_and(leaves_outcome_open),
                Kind::Decode(_) => true,
                Kind::Transport(error) => okta_transport::maybe_carried_out(&**error),
                Kind::InvalidRequest(_) | Kind::Paging(_) | Kind::Store(_) => false,
            }
    }
    fn maybe_carried_out_earlier(&self) -> bool {
        self.attempts().is_some_and(Attempts::maybe_carried_out)
    }
    /// The operation that was called; `None` for a raw call.
    #[must_use]
    pub fn operation(&self) -> Option<&'static Operation> {
        self.0.operation
    }

    /// Which item of a page cannot be read, where it is only that one: the first is 0, [`body`](Self::body) is its JSON, and
    /// the list goes on behind it.
    #[must_use]
    pub fn item_position(&self) -> Option<usize> {
        let item = self.cause()?.downcast_ref::<UnreadableItem>()?;
        Some(item.position)
    }

    /// Whether the same request may well succeed later, without anybody doing anything about it: no connection, a broken
    /// one, a timeout, 429, 5xx, a token that could not be fetched for such a reason.
    ///
    /// It does not say that sending the request twice does no harm: a write that was interrupted may have been carried out.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        match &self.0.kind {
            Kind::Api(_) => {
                let status = self.status().unwrap_or_default();
                status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS
            }
            Kind::Transport(_) => match self.find::<AuthError>() {
                Some(AuthError::OAuth(error)) => error.is_transient(),
                // Nobody knows what a source of one's own may say later.
                Some(AuthError::Other(_)) | None => true,
                Some(_) => false,
            },
            Kind::Decode(_) | Kind::InvalidRequest(_) | Kind::Paging(_) | Kind::Store(_) => false,
        }
    }

    /// The failure itself, as what stands behind this error.
    fn cause(&self) -> Option<&(dyn StdError + 'static)> {
        match &self.0.kind {
            Kind::Api(_) => None,
            Kind::Decode(error) | Kind::Transport(error) => Some(&**error),
            Kind::InvalidRequest(problem) => Some(problem),
            Kind::Paging(problem) => Some(problem),
            Kind::Store(problem) => Some(problem),
        }
    }

    fn caused_by<E: StdError + 'static>(&self) -> bool {
        self.find::<E>().is_some()
    }

    fn find<E: StdError + 'static>(&self) -> Option<&E> {
        causes::find(self.cause()?)
    }
}

/// Whether a status says nothing about what was done: something failed at the server or at a gateway.
fn leaves_outcome_open(status: StatusCode) -> bool {
    let refused = [StatusCode::NOT_IMPLEMENTED, StatusCode::HTTP_VERSION_NOT_SUPPORTED];
    status.is_server_error() && !refused.contains(&status)
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.operation {
            Some(operation) => write!(f, "{} ({} {})", operation.id, operation.method, operation.path_template)?,
            None => f.write_str("raw call")?,
        }
        f.write_str(if self.is_invalid_request() {
            " was not sent: "
        } else {
            " failed: "
        })?;
        if let Some(status) = self.status() {
            write!(f, "{status}: ")?;
        }
        match &self.0.kind {
            Kind::Api(error) => error.fmt(f)?,
            Kind::Decode(error) => {
                write!(f, "the answer cannot be read: {}", OneLine(&error.to_string()))?;
                if let Some(answered) = self.0.response.as_ref().filter(|answered| !answered.is_json()) {
                    write!(f, "; {}", OneLine(&foreign_answer(&answered.headers, &answered.body)))?;
                }
            }
            // A layer's error often says little without its causes.
            Kind::Transport(error) => OneLine(&causes::describe(&**error)).fmt(f)?,
            Kind::InvalidRequest(problem) => problem.fmt(f)?,
            Kind::Paging(problem) => problem.fmt(f)?,
            Kind::Store(problem) => problem.fmt(f)?,
        }
        if let Some(scopes) = &self.0.scopes {
            write!(f, "; {scopes}")?;
        }
        if let Some(id) = self.request_id() {
            write!(f, " (request id {id})")?;
        }
        // An error on the way tells of its attempts itself.
        if let Some(attempts) = self.attempts()
            && attempts.count() > 1
            && !matches!(self.0.kind, Kind::Transport(_))
        {
            write!(f, ", after {attempts}")?;
        }
        if self.maybe_carried_out_earlier() {
            f.write_str("; an earlier attempt may have carried this out")?;
        }
        Ok(())
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Error({self})")
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.cause()
    }
}
