//! What can go wrong with a call.

use std::{
    error::Error as StdError,
    fmt,
    time::{Duration, SystemTime},
};

use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use okta_auth::{AuthError, OAuthError};
use okta_transport::{
    BoxError, ConnectError, Operation, TimeoutError, causes,
    rate_limit::{RateLimit, RateLimitWaitError},
    retry::{Attempts, FailureKind, retry_after},
};
use tower::timeout::error::Elapsed;

use super::{
    api_error::{ApiError, ErrorCause, describe_non_json},
    chain::write_chain,
    checkpoint_error::CheckpointError,
    error_response::{ErrorResponse, RequestFacts, request_id},
    item_error::ItemError,
    kind::{Inner, Kind},
    paging_error::PagingError,
    request_error::RequestError,
    sanitized_line::SanitizedLine,
    scope_error::MissingScopes,
};

/// Why a call failed.
///
/// Ask with the predicates (`is_…`) what to do about it, and with the accessors for details; new kinds of failures may
/// come without breaking your program.
///
/// `{}` is one line that says what failed: operation, status, Okta's code, summary and causes, missing scopes, request id and
/// attempts. What led to a failure of another kind (of a connection, say) is the [`source`](StdError::source), which an error
/// reporter such as `anyhow` shows too. `{:#}` and `{:?}` show all of it in one line, so that a `main` that returns the error
/// prints a readable message. No credential is part of any of these texts.
pub struct Error(pub(super) Box<Inner>);

impl Error {
    fn new(operation: Option<&'static Operation>, kind: Kind, response: Option<ErrorResponse>) -> Self {
        Self(Box::new(Inner {
            operation,
            kind,
            response,
            scopes: None,
            received: None,
            is_write: false,
        }))
    }
    /// A response whose status is not a success, received at `received`.
    pub(crate) fn api(operation: Option<&'static Operation>, response: ErrorResponse, received: SystemTime) -> Self {
        let error = ApiError::parse(response.status, &response.headers, &response.body);
        let mut error = Self::new(operation, Kind::Api(error), Some(response));
        error.0.received = Some(received);
        error
    }
    /// Adds the scopes that the call lacked, if known.
    pub(crate) fn with_missing_scopes(mut self, scopes: Option<MissingScopes>) -> Self {
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
        response: ErrorResponse,
    ) -> Self {
        Self::new(operation, Kind::Decode(error.into()), Some(response))
    }
    /// A failure of the transport. If the headers of a response had arrived, they and the beginning of its body are retained.
    pub(crate) fn transport(
        operation: Option<&'static Operation>,
        error: BoxError,
        response: Option<ErrorResponse>,
    ) -> Self {
        Self::new(operation, Kind::Transport(error), response)
    }
    pub(crate) fn invalid_request(operation: Option<&'static Operation>, problem: RequestError) -> Self {
        Self::new(operation, Kind::Request(problem), None)
    }
    pub(crate) fn paging(
        operation: Option<&'static Operation>,
        problem: PagingError,
        response: Option<ErrorResponse>,
    ) -> Self {
        Self::new(operation, Kind::Paging(problem), response)
    }
    pub(crate) fn checkpoint(operation: Option<&'static Operation>, problem: CheckpointError) -> Self {
        Self::new(operation, Kind::Checkpoint(problem), None)
    }
    /// A member of a model that the program needs.
    pub(super) fn member(error: impl Into<BoxError>) -> Self {
        Self::new(None, Kind::Member(error.into()), None)
    }

    /// Returns true if Okta responded with an error.
    ///
    /// # Troubleshooting
    /// [`code`](Self::code) and [`causes`](Self::causes) say what Okta rejects.
    #[must_use]
    pub fn is_api(&self) -> bool {
        matches!(self.0.kind, Kind::Api(_))
    }
    /// Returns true if the resource does not exist (404).
    #[must_use]
    pub fn is_not_found(&self) -> bool {
        self.is_api() && self.status() == Some(StatusCode::NOT_FOUND)
    }
    /// Returns true if something in the way makes the request impossible: 409, or Okta's 400 that says that something of the same
    /// name or key exists already (mostly `E0000001`).
    ///
    /// # Troubleshooting
    /// [`causes`](Self::causes) name the member. Look for what exists and use or change it.
    #[must_use]
    pub fn is_conflict(&self) -> bool {
        let says_already_exists = || self.api_error().is_some_and(ApiError::says_already_exists);
        match self.status() {
            Some(StatusCode::CONFLICT) => self.is_api(),
            Some(StatusCode::BAD_REQUEST) => says_already_exists(),
            _ => false,
        }
    }
    /// Returns true if Okta does not accept the credentials (401).
    ///
    /// # Troubleshooting
    /// `E0000011` means that the token is wrong, expired or of another org. [`is_auth`](Self::is_auth) is also true if the
    /// client had no credentials to send.
    #[must_use]
    pub fn is_unauthorized(&self) -> bool {
        self.is_api() && self.status() == Some(StatusCode::UNAUTHORIZED)
    }
    /// Returns true if the credentials do not allow the call (403).
    ///
    /// # Troubleshooting
    /// Grant the scopes of [`missing_scopes`](Self::missing_scopes), or the administrator role that the call needs
    /// (`E0000006`), or look for a feature that the org does not have (`E0000015`).
    #[must_use]
    pub fn is_forbidden(&self) -> bool {
        self.is_api() && self.status() == Some(StatusCode::FORBIDDEN)
    }
    /// Returns true if a rate limit was exceeded (429, also of the token endpoint), or would have been: the request was not sent
    /// because the call's time would have been over before the next window.
    ///
    /// # Troubleshooting
    /// [`retry_after`](Self::retry_after) and [`rate_limit`](Self::rate_limit) say when it is worth trying again.
    #[must_use]
    pub fn is_rate_limited(&self) -> bool {
        self.status() == Some(StatusCode::TOO_MANY_REQUESTS)
            || self.caused_by::<RateLimitWaitError>()
            || self.token_error().and_then(OAuthError::status) == Some(StatusCode::TOO_MANY_REQUESTS)
    }
    /// Returns true if a timeout passed, of the client or of a layer.
    ///
    /// # Troubleshooting
    /// `{:#}` says which timeout it was and its value.
    #[must_use]
    pub fn is_timeout(&self) -> bool {
        self.caused_by::<TimeoutError>() || self.caused_by::<Elapsed>() || self.caused_by::<RateLimitWaitError>()
    }
    /// Returns true if the credentials are the reason: they could not be obtained, were not accepted (401), or were not sent
    /// because the address is not the org's.
    ///
    /// # Troubleshooting
    /// A 401 with `E0000011` means that the token is wrong, expired or of another org.
    #[must_use]
    pub fn is_auth(&self) -> bool {
        self.is_unauthorized() || self.caused_by::<AuthError>()
    }
    /// Returns true if the response could not be decoded: truncated, not JSON, or of another type.
    ///
    /// # Troubleshooting
    /// [`body`](Self::body) is the response's body, unchanged.
    #[must_use]
    pub fn is_decode(&self) -> bool {
        matches!(self.0.kind, Kind::Decode(_))
    }
    /// Returns true if no connection was established: name, network, proxy, TLS.
    #[must_use]
    pub fn is_connect(&self) -> bool {
        self.caused_by::<ConnectError>()
    }
    /// Returns true if the connection broke before the response was complete, or a custom layer failed. Whether Okta has carried the
    /// request out is unknown.
    #[must_use]
    pub fn is_interrupted(&self) -> bool {
        let is_transport = matches!(self.0.kind, Kind::Transport(_));
        is_transport && !self.is_timeout() && !self.is_connect() && !self.is_auth() && !self.is_withheld()
    }
    /// Returns true if a [guard](okta_transport::guard) did not let the request pass: it was not sent, and the client never
    /// sends it.
    ///
    /// # Troubleshooting
    /// Call the operation with a client that has no `ReadOnlyLayer` and no `DryRunLayer`.
    #[must_use]
    pub fn is_withheld(&self) -> bool {
        matches!(&self.0.kind, Kind::Transport(error) if okta_transport::guard::is_withheld(&**error))
    }
    /// Returns true if a list cannot continue: the link to its next page is malformed, leads to another host or in circles.
    #[must_use]
    pub fn is_paging(&self) -> bool {
        matches!(self.0.kind, Kind::Paging(_))
    }
    /// Returns true if loading or saving a tail's checkpoint failed
    /// ([`CheckpointStore`](crate::log_tail::CheckpointStore)). Okta is not the reason, and no event is lost.
    ///
    /// # Troubleshooting
    /// `{:#}` names the store and its own error. Fix it and ask the tail for the next event again.
    #[must_use]
    pub fn is_checkpoint(&self) -> bool {
        matches!(self.0.kind, Kind::Checkpoint(_))
    }
    /// Returns true if a member of a model is missing or of another type than the program asked for: a
    /// [`MissingMember`](okta_models::MissingMember) or an [`AttributeError`](okta_models::AttributeError), converted by `?`.
    #[must_use]
    pub fn is_member(&self) -> bool {
        matches!(self.0.kind, Kind::Member(_))
    }
    /// Returns true if the call was not sent because an argument is invalid.
    #[must_use]
    pub fn is_invalid_request(&self) -> bool {
        matches!(self.0.kind, Kind::Request(_))
    }

    /// The HTTP status, if there was a response.
    #[must_use]
    pub fn status(&self) -> Option<StatusCode> {
        self.0.response.as_ref().map(|response| response.status)
    }
    /// The headers of the response, if there was one.
    #[must_use]
    pub fn headers(&self) -> Option<&HeaderMap> {
        self.0.response.as_ref().map(|response| &response.headers)
    }
    /// The body of the response, unchanged, if there was a response.
    #[must_use]
    pub fn body(&self) -> Option<&Bytes> {
        self.0.response.as_ref().map(|response| &response.body)
    }
    /// Okta's error, if it responded with one.
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
    /// The scopes that the call needs and the access token does not have, if it was refused (401, 403): those that Okta names
    /// in `WWW-Authenticate`, or else those of the operation if the client knows what was granted.
    #[must_use]
    pub fn missing_scopes(&self) -> &[String] {
        self.0.scopes.as_ref().map_or(&[], |scopes| &scopes.missing)
    }
    /// The id Okta gave the request: what its support asks for.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        request_id(self.headers()?)
    }
    /// The rate limit's limit, remaining and reset, if the response has them.
    #[must_use]
    pub fn rate_limit(&self) -> Option<RateLimit> {
        RateLimit::from_headers(self.headers()?)
    }
    /// How long to wait before the same request can succeed, if the response says so.
    ///
    /// That is its `Retry-After` (RFC 9110 §10.2.3), or else, of a 429, the time until its `X-Rate-Limit-Reset`. Dates are
    /// counted from the response's own `Date`, so that this machine's clock need not be right. The wait of a 429 of the token
    /// endpoint and of a call that the rate limiter did not send is found too.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        if let Some(wait) = self.find::<RateLimitWaitError>() {
            return Some(wait.retry_after());
        }
        if let Some(error) = self.token_error() {
            return error.retry_after();
        }
        let headers = self.headers()?;
        let reset = || {
            // Without a `Date`, a reset that has passed is the fault of one of two clocks.
            let by_own_clock =
                || RateLimit::until_reset(headers, self.0.received).filter(|wait| *wait > Duration::from_secs(1));
            let is_refused = self.status() == Some(StatusCode::TOO_MANY_REQUESTS);
            is_refused
                .then(|| RateLimit::until_reset(headers, None).or_else(by_own_clock))
                .flatten()
        };
        retry_after(headers, self.0.received).or_else(reset)
    }
    /// How often the request was sent, the result of each attempt and the delays in between; `None` if it was not sent, or if the
    /// stack has no retries.
    #[must_use]
    pub fn attempts(&self) -> Option<&Attempts> {
        let response = self.0.response.as_ref();
        response
            .and_then(|response| Attempts::of(&response.extensions))
            .or_else(|| Attempts::of_error(self.cause()?))
    }
    /// The operation that was called; `None` for a raw call.
    #[must_use]
    pub fn operation(&self) -> Option<&'static Operation> {
        self.0.operation
    }

    /// The position of the item that could not be decoded, if the error is about one item of a page: the first is 0, [`body`](Self::body) is its JSON, and
    /// the list continues after it.
    #[must_use]
    pub fn item_position(&self) -> Option<usize> {
        let item = self.cause()?.downcast_ref::<ItemError>()?;
        Some(item.position)
    }

    /// Returns true if the same request may well succeed later, without a change by you or an administrator: no connection, a broken
    /// one, a timeout, 423, 429, 5xx, a token that could not be fetched for such a reason, an error of your own layer.
    ///
    /// What fails the same way each time is not ([`FailureKind`](okta_transport::retry::FailureKind)): a certificate that is not
    /// trusted, a version of TLS, a proxy that refuses, a response that is not HTTP.
    ///
    /// It does not say that sending the request twice does no harm: a write that was interrupted may have been carried out.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        match &self.0.kind {
            Kind::Api(_) => {
                let status = self.status().unwrap_or_default();
                status.is_server_error() || matches!(status, StatusCode::TOO_MANY_REQUESTS | StatusCode::LOCKED)
            }
            Kind::Transport(error) => match self.find::<AuthError>() {
                // A custom source's error says nothing unless a known error is among its causes.
                Some(AuthError::OAuth(_) | AuthError::Other(_)) => !FailureKind::of(&**error).is_permanent(),
                Some(_) => false,
                None => self.is_timeout() || !FailureKind::of(&**error).is_permanent(),
            },
            Kind::Decode(_) | Kind::Request(_) | Kind::Paging(_) | Kind::Checkpoint(_) | Kind::Member(_) => false,
        }
    }

    /// The response of a 404, and its request.
    pub(crate) fn into_not_found(mut self) -> Result<(ErrorResponse, RequestFacts), Self> {
        if !self.is_not_found() {
            return Err(self);
        }
        let request = RequestFacts {
            operation: self.0.operation,
            is_write: self.0.is_write,
        };
        match self.0.response.take() {
            Some(response) => Ok((response, request)),
            None => Err(self),
        }
    }

    /// The failure that caused this error. The other kinds have no cause: their text is part of the error's.
    fn cause(&self) -> Option<&(dyn StdError + 'static)> {
        match &self.0.kind {
            Kind::Api(_) | Kind::Request(_) | Kind::Paging(_) | Kind::Member(_) => None,
            Kind::Decode(error) | Kind::Transport(error) => Some(&**error),
            Kind::Checkpoint(problem) => Some(&*problem.error),
        }
    }

    /// The failure of the transport in a few words; the source has the details.
    fn transport_failure(&self) -> &'static str {
        if self.caused_by::<AuthError>() {
            "no credentials"
        } else if self.caused_by::<RateLimitWaitError>() {
            "the rate limit is used up for longer than the call may take"
        } else if self.is_timeout() {
            "timed out"
        } else if self.is_connect() {
            "no connection"
        } else if self.is_withheld() {
            "withheld by a guard"
        } else {
            "no complete response"
        }
    }

    /// Why no access token was obtained.
    fn token_error(&self) -> Option<&OAuthError> {
        match self.find::<AuthError>()? {
            AuthError::OAuth(error) => Some(error),
            _ => None,
        }
    }

    fn caused_by<E: StdError + 'static>(&self) -> bool {
        self.find::<E>().is_some()
    }

    fn find<E: StdError + 'static>(&self) -> Option<&E> {
        causes::find(self.cause()?)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Kind::Member(error) = &self.0.kind {
            return error.fmt(f);
        }
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
                match error.downcast_ref::<ItemError>() {
                    Some(item) => write!(
                        f,
                        "item {} of the page (the first is 0) cannot be decoded",
                        item.position
                    )?,
                    None => f.write_str("the response cannot be decoded")?,
                }
                if let Some(response) = self.0.response.as_ref().filter(|response| !response.is_json()) {
                    write!(
                        f,
                        "; {}",
                        SanitizedLine(&describe_non_json(&response.headers, &response.body))
                    )?;
                }
            }
            Kind::Transport(_) => f.write_str(self.transport_failure())?,
            Kind::Request(problem) => problem.fmt(f)?,
            Kind::Paging(problem) => problem.fmt(f)?,
            Kind::Checkpoint(problem) => problem.fmt(f)?,
            Kind::Member(error) => error.fmt(f)?,
        }
        if let Some(scopes) = &self.0.scopes {
            write!(f, "; {scopes}")?;
        }
        if let Some(id) = self.request_id() {
            write!(f, " (request id {id})")?;
        }
        // The text of a transport error has its attempts already.
        if let Some(attempts) = self.attempts()
            && attempts.count() > 1
            && !matches!(self.0.kind, Kind::Transport(_))
        {
            write!(f, ", after {attempts}")?;
        }
        if self.maybe_carried_out_earlier() {
            f.write_str("; an earlier attempt may have carried this out")?;
        } else if matches!(self.0.kind, Kind::Api(_) | Kind::Transport(_)) && self.maybe_carried_out() {
            f.write_str("; Okta may have carried this out")?;
        }
        if f.alternate() {
            write_chain(f, self.source())?;
        }
        Ok(())
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self:#}")
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        let cause = self.cause()?;
        match cause.downcast_ref::<ItemError>() {
            Some(item) => Some(&item.reason),
            None => Some(cause),
        }
    }
}
