use std::{
    error::Error,
    fmt,
    future::Future,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
    time::{Duration, Instant},
};

use http::{HeaderMap, HeaderName, Request, Response, StatusCode};
use okta_auth::Clock;
use pin_project_lite::pin_project;
use tower::{BoxError, Layer, Service, util::Oneshot};
use tracing::{Level, Span};

use super::{
    call_record::CallHandle,
    error_type::ErrorSummary,
    event_at,
    sent::{ResponseHead, Sent},
};
use crate::{
    measures::metrics::{Metrics, RunningAttempt},
    sanitize::{
        REDACTED,
        header_allow_list::HeaderAllowList,
        url::{QueryAllowList, SafeUrl},
    },
    time::clock::TokioClock,
};

const TARGET: &str = "okta_transport::attempt";

/// Emits one `tracing` event an attempt, when the head of its response is there or it has failed. With [`Metrics`] it measures
/// each attempt, too.
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
/// With [`metrics`](Self::metrics) it records [`RequestDuration`](crate::metrics::Instrument::RequestDuration) and
/// [`Concurrency`](crate::metrics::Instrument::Concurrency).
///
/// Put it inside of everything that sends a request more than once, next to the service that sends it. Without a
/// subscriber and a recorder it costs next to nothing.
#[derive(Clone, Debug)]
pub struct AttemptLogLayer {
    settings: Arc<Settings>,
}

#[derive(Clone, Debug)]
struct Settings {
    clock: Arc<dyn Clock>,
    headers: HeaderAllowList,
    query: QueryAllowList,
    is_logged: bool,
    metrics: Option<Metrics>,
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
                is_logged: true,
                metrics: None,
            }),
        }
    }

    /// Measures each attempt.
    #[must_use]
    pub fn metrics(mut self, metrics: Metrics) -> Self {
        Arc::make_mut(&mut self.settings).metrics = Some(metrics);
        self
    }

    /// Emits no event: the layer only measures.
    #[must_use]
    pub fn without_logging(mut self) -> Self {
        Arc::make_mut(&mut self.settings).is_logged = false;
        self
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
    settings: Arc<Settings>,
    start: Instant,
    /// `None` if no subscriber is interested.
    log: Option<AttemptLogEntry>,
    /// `None` if there is no recorder.
    running: Option<RunningAttempt>,
    ended: bool,
}

/// What only a log shows of an attempt.
#[derive(Debug)]
struct AttemptLogEntry {
    sent: Sent,
    span: Span,
    resends: Option<u32>,
}

impl AttemptRecord {
    /// `None` if there is neither a recorder nor an interested subscriber.
    fn begin<B>(request: &Request<B>, settings: &Arc<Settings>) -> Option<Self> {
        let call = CallHandle::of(request.extensions());
        let before = call.map_or(0, CallHandle::attempt);
        let is_logged = settings.is_logged && tracing::event_enabled!(target: TARGET, Level::WARN);
        if !is_logged && settings.metrics.is_none() {
            return None;
        }
        let log = is_logged.then(|| {
            let resends = before.max(retry_count(request.headers()));
            AttemptLogEntry {
                sent: Sent::new(request),
                span: call.map_or_else(Span::none, |call| call.span.clone()),
                resends: (resends > 0).then_some(resends),
            }
        });
        let record = Self {
            settings: Arc::clone(settings),
            start: settings.clock.now(),
            log,
            running: settings.metrics.as_ref().map(|metrics| metrics.attempt(request)),
            ended: false,
        };
        if let Some(log) = &record.log {
            log.span.in_scope(|| {
                tracing::event!(
                    target: TARGET,
                    Level::TRACE,
                    url.full = %record.url(log),
                    http.request.headers = ?record.shown(request.headers()),
                    "request headers"
                );
            });
        }
        Some(record)
    }

    fn answered<B>(mut self, response: &Response<B>) {
        let duration = self.end();
        if let Some(running) = self.running.take() {
            running.end(Some((response.status(), response.version())), None, duration);
        }
        let Some(log) = &self.log else {
            return;
        };
        let head = ResponseHead::new(response);
        let repeatable = head.status == StatusCode::TOO_MANY_REQUESTS || head.status.is_server_error();
        let level = if repeatable { Level::WARN } else { Level::DEBUG };
        self.emit(log, level, "attempt answered", Some(&head), None, duration);
        log.span.in_scope(|| {
            tracing::event!(
                target: TARGET,
                Level::TRACE,
                http.response.headers = ?self.shown(response.headers()),
                "response headers"
            );
        });
    }

    fn failed(mut self, error: &(dyn Error + 'static)) {
        self.without_response(Level::WARN, "attempt failed", &ErrorSummary::of(error));
    }

    fn without_response(&mut self, level: Level, what: &str, error: &ErrorSummary) {
        let duration = self.end();
        if let Some(running) = self.running.take() {
            running.end(None, Some(error.kind), duration);
        }
        if let Some(log) = &self.log {
            self.emit(log, level, what, None, Some(error), duration);
        }
    }

    fn end(&mut self) -> Duration {
        self.ended = true;
        self.settings.clock.now().saturating_duration_since(self.start)
    }

    fn emit(
        &self,
        log: &AttemptLogEntry,
        level: Level,
        what: &str,
        head: Option<&ResponseHead>,
        error: Option<&ErrorSummary>,
        duration: Duration,
    ) {
        let rate_limit = head.and_then(|head| head.rate_limit);
        let error_type = error.map(|error| error.kind).or_else(|| head?.error_type());
        let url = (level == Level::DEBUG).then(|| tracing::field::display(self.url(log)));
        log.span.in_scope(|| {
            event_at!(
                level,
                target: TARGET,
                okta.operation = log.sent.operation_id(),
                http.request.method = log.sent.method.as_str(),
                url.template = log.sent.template(),
                url.full = url,
                server.address = log.sent.uri.host(),
                server.port = log.sent.port(),
                http.response.status_code = head.map(|head| head.status.as_u16()),
                http.request.resend_count = log.resends,
                "error.type" = error_type,
                error.message = error.and_then(|error| error.message.as_deref()),
                okta.request_id = head.and_then(|head| head.request_id.as_deref()),
                okta.rate_limit.limit = rate_limit.map(|limit| limit.limit),
                okta.rate_limit.remaining = rate_limit.map(|limit| limit.remaining),
                okta.rate_limit.reset = rate_limit.map(|limit| limit.reset),
                http.client.request.duration = duration.as_secs_f64(),
                "{what}"
            );
        });
    }

    fn url<'l>(&'l self, log: &'l AttemptLogEntry) -> SafeUrl<'l> {
        SafeUrl {
            uri: &log.sent.uri,
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
        if !self.ended {
            self.without_response(Level::DEBUG, "attempt cancelled", &ErrorSummary::CANCELLED);
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
