use std::{
    error::Error,
    fmt,
    future::Future,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
    time::Instant,
};

use http::{HeaderMap, HeaderName, Request, Response, StatusCode};
use okta_auth::Clock;
use pin_project_lite::pin_project;
use tower::{BoxError, Layer, Service, util::Oneshot};
use tracing::{Level, Span};

use super::{
    call_record::CallHandle,
    error_type::{CANCELLED, ErrorSummary},
    event_at,
    sent::{ResponseHead, Sent},
};
use crate::{
    sanitize::{
        REDACTED,
        header_allow_list::HeaderAllowList,
        url::{QueryAllowList, SafeUrl},
    },
    time::clock::TokioClock,
};

const TARGET: &str = "okta_transport::attempt";

/// Emits one `tracing` event an attempt, when the head of its response is there or it has failed.
///
/// Its target is `okta_transport::attempt`, and its level is `WARN` for what another attempt may fix (no head, the
/// statuses 429 and 5xx) and `DEBUG` for every other. Its fields are those of
/// [`OperationSpanLayer`](crate::trace::OperationSpanLayer) and `http.client.request.duration`, in seconds until the head of the
/// response is there. `http.request.resend_count` is absent from a first attempt. An attempt whose future is dropped
/// has the `error.type` `cancelled` and the level `DEBUG`.
///
/// - The address, `url.full`, is shown at `DEBUG` and `TRACE` only, for ids in paths may be logins; a failure at `WARN`
///   names the template. User names, path segments that may be secrets (ids of sessions, one-time tokens) and the
///   values of query parameters that are not on a list are hidden at every level.
/// - Headers are shown at `TRACE` only, in two more events. Their values are shown by a list, and those of credentials
///   and cookies never.
/// - Bodies are never shown, and of errors only what is known to contain no secret: the caller has them whole.
///
/// Put it inside of everything that sends a request more than once, next to the service that sends it. Without a
/// subscriber it costs next to nothing.
#[derive(Clone, Debug)]
pub struct AttemptLogLayer {
    settings: Arc<Settings>,
}

#[derive(Clone, Debug)]
struct Settings {
    clock: Arc<dyn Clock>,
    headers: HeaderAllowList,
    query: QueryAllowList,
}

impl AttemptLogLayer {
    /// Measures by tokio's time, and shows the headers and query parameters that contain no secrets.
    #[must_use]
    pub fn new() -> Self {
        Self {
            settings: Arc::new(Settings {
                clock: Arc::new(TokioClock),
                headers: HeaderAllowList::for_logs(),
                query: QueryAllowList::default(),
            }),
        }
    }

    /// Takes the time from this clock instead of tokio's.
    #[must_use]
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        Arc::make_mut(&mut self.settings).clock = clock;
        self
    }

    /// Shows the values of one more header at `TRACE`. Those that are marked sensitive, and those whose name says that
    /// they are credentials or cookies, stay hidden.
    #[must_use]
    pub fn show_header(mut self, name: HeaderName) -> Self {
        Arc::make_mut(&mut self.settings).headers.add(name);
        self
    }

    /// Shows the values of one more query parameter in `url.full`, for example `after`.
    #[must_use]
    pub fn show_query(mut self, name: impl Into<String>) -> Self {
        Arc::make_mut(&mut self.settings).query.add(name.into());
        self
    }
}

impl Default for AttemptLogLayer {
    fn default() -> Self {
        Self::new()
    }
}

impl<S> Layer<S> for AttemptLogLayer {
    type Service = AttemptLog<S>;

    fn layer(&self, inner: S) -> AttemptLog<S> {
        AttemptLog {
            inner,
            settings: Arc::clone(&self.settings),
        }
    }
}

/// The service of [`AttemptLogLayer`].
#[derive(Clone, Debug)]
pub struct AttemptLog<S> {
    inner: S,
    settings: Arc<Settings>,
}

impl<S, B, C> Service<Request<B>> for AttemptLog<S>
where
    S: Service<Request<B>, Response = Response<C>> + Clone,
    S::Error: Into<BoxError>,
{
    type Response = Response<C>;
    type Error = BoxError;
    type Future = AttemptLogFuture<S, B>;

    /// Always ready: the wait for the inner service is part of what is measured.
    fn poll_ready(&mut self, _context: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        let record = AttemptRecord::begin(&request, &self.settings);
        AttemptLogFuture {
            attempt: Oneshot::new(self.inner.clone(), request),
            record,
        }
    }
}

pin_project! {
    /// The future of [`AttemptLog`].
    #[derive(Debug)]
    pub struct AttemptLogFuture<S, B>
    where
        S: Service<Request<B>>,
    {
        #[pin]
        attempt: Oneshot<S, Request<B>>,
        record: Option<AttemptRecord>,
    }
}

impl<S, B, C> Future for AttemptLogFuture<S, B>
where
    S: Service<Request<B>, Response = Response<C>>,
    S::Error: Into<BoxError>,
{
    type Output = Result<Response<C>, BoxError>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let outcome = ready!(this.attempt.poll(context)).map_err(Into::into);
        if let Some(record) = this.record.take() {
            match &outcome {
                Ok(response) => record.answered(response),
                Err(error) => record.failed(&**error),
            }
        }
        Poll::Ready(outcome)
    }
}

/// Follows one attempt, and reports when it is over: at the latest when it is dropped, which then is one that was
/// cancelled.
#[derive(Debug)]
struct AttemptRecord {
    sent: Sent,
    span: Span,
    resends: Option<u32>,
    settings: Arc<Settings>,
    start: Instant,
    emitted: bool,
}

impl AttemptRecord {
    /// `None` if no subscriber is interested.
    fn begin<B>(request: &Request<B>, settings: &Arc<Settings>) -> Option<Self> {
        let call = CallHandle::of(request.extensions());
        let before = call.map_or(0, CallHandle::attempt);
        if !tracing::event_enabled!(target: TARGET, Level::WARN) {
            return None;
        }
        let resends = before.max(retry_count(request.headers()));
        let record = Self {
            sent: Sent::new(request),
            span: call.map_or_else(Span::none, |call| call.span.clone()),
            resends: (resends > 0).then_some(resends),
            settings: Arc::clone(settings),
            start: settings.clock.now(),
            emitted: false,
        };
        record.span.in_scope(|| {
            tracing::event!(
                target: TARGET,
                Level::TRACE,
                url.full = %record.url(),
                http.request.headers = ?record.shown(request.headers()),
                "request headers"
            );
        });
        Some(record)
    }

    fn answered<B>(mut self, response: &Response<B>) {
        let head = ResponseHead::new(response);
        let repeatable = head.status == StatusCode::TOO_MANY_REQUESTS || head.status.is_server_error();
        let level = if repeatable { Level::WARN } else { Level::DEBUG };
        self.emit(level, "attempt answered", Some(&head), head.error_type(), None);
        self.span.in_scope(|| {
            tracing::event!(
                target: TARGET,
                Level::TRACE,
                http.response.headers = ?self.shown(response.headers()),
                "response headers"
            );
        });
    }

    fn failed(mut self, error: &(dyn Error + 'static)) {
        let summary = ErrorSummary::of(error);
        let message = summary.message.as_deref();
        self.emit(Level::WARN, "attempt failed", None, Some(summary.kind), message);
    }

    fn emit(
        &mut self,
        level: Level,
        what: &str,
        head: Option<&ResponseHead>,
        error_type: Option<&str>,
        error_message: Option<&str>,
    ) {
        self.emitted = true;
        let rate_limit = head.and_then(|head| head.rate_limit);
        let url = (level == Level::DEBUG).then(|| tracing::field::display(self.url()));
        self.span.in_scope(|| {
            event_at!(
                level,
                target: TARGET,
                okta.operation = self.sent.operation_id(),
                http.request.method = self.sent.method.as_str(),
                url.template = self.sent.template(),
                url.full = url,
                server.address = self.sent.uri.host(),
                server.port = self.sent.port(),
                http.response.status_code = head.map(|head| head.status.as_u16()),
                http.request.resend_count = self.resends,
                "error.type" = error_type,
                error.message = error_message,
                okta.request_id = head.and_then(|head| head.request_id.as_deref()),
                okta.rate_limit.limit = rate_limit.map(|limit| limit.limit),
                okta.rate_limit.remaining = rate_limit.map(|limit| limit.remaining),
                okta.rate_limit.reset = rate_limit.map(|limit| limit.reset),
                http.client.request.duration =
                    self.settings.clock.now().saturating_duration_since(self.start).as_secs_f64(),
                "{what}"
            );
        });
    }

    fn url(&self) -> SafeUrl<'_> {
        SafeUrl {
            uri: &self.sent.uri,
            query: &self.settings.query,
        }
    }

    fn shown<'h>(&'h self, headers: &'h HeaderMap) -> ShownHeaders<'h> {
        ShownHeaders {
            headers,
            list: &self.settings.headers,
        }
    }
}

impl Drop for AttemptRecord {
    fn drop(&mut self) {
        if !self.emitted {
            self.emit(Level::DEBUG, "attempt cancelled", None, Some(CANCELLED), None);
        }
    }
}

/// How often a retry layer has sent the request before: it says so to Okta too.
fn retry_count(headers: &HeaderMap) -> u32 {
    let value = headers.get("x-okta-retry-count");
    value.and_then(|value| value.to_str().ok()?.parse().ok()).unwrap_or(0)
}

/// The names of all headers, and the values of those on the list.
struct ShownHeaders<'h> {
    headers: &'h HeaderMap,
    list: &'h HeaderAllowList,
}

impl fmt::Debug for ShownHeaders<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = |(name, value)| (name, self.list.shown(name, value).unwrap_or(REDACTED));
        f.debug_map()
            .entries(
                self.headers
                    .iter()
                    .map(shown)
                    .map(|(name, value): (&HeaderName, _)| (name.as_str(), value)),
            )
            .finish()
    }
}
