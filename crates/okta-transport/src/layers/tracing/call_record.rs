//! The record of a call, from its request to the end of its response.

use std::{
    error::Error,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::{Duration, Instant},
};

use http::{Extensions, Request, Response, StatusCode};
use okta_auth::Clock;
use tracing::{Level, Span, field::Empty};

use super::{
    error_type::{CANCELLED, ErrorSummary},
    event_at,
    sent::{ResponseHead, Sent},
};
use crate::{
    layers::cache::status::CacheStatus,
    measures::metrics::Metrics,
    request::operation::{Operation, OperationRef},
};

const TARGET: &str = "okta_transport::call";

/// Follows one call from its request to the end of its response's body, and reports when it is over: at the latest when
/// it is dropped, which then is a call that was cancelled.
#[derive(Debug)]
pub(super) struct CallRecord {
    handle: CallHandle,
    clock: Arc<dyn Clock>,
    start: Instant,
    operation: Option<&'static Operation>,
    status: Option<StatusCode>,
    /// `None` if no subscriber is interested.
    log: Option<CallLog>,
    metrics: Option<Metrics>,
    ended: bool,
}

/// Who is to know of a call.
#[derive(Clone, Debug)]
pub(super) struct Listeners {
    /// The subscriber of `tracing`, if it is interested.
    pub(super) is_logged: bool,
    pub(super) metrics: Option<Metrics>,
}

/// What a log shows of a call.
#[derive(Debug)]
struct CallLog {
    sent: Sent,
    head: Option<ResponseHead>,
}

/// The call that an attempt belongs to: an entry of the request's [`Extensions`].
#[derive(Clone, Debug)]
pub(super) struct CallHandle {
    pub(super) span: Span,
    attempts: Arc<AtomicU32>,
}

impl CallHandle {
    pub(super) fn of(extensions: &Extensions) -> Option<&Self> {
        extensions.get()
    }

    /// Counts one more attempt, and says how many there were before.
    pub(super) fn attempt(&self) -> u32 {
        self.attempts.fetch_add(1, Ordering::Relaxed)
    }
}

impl CallRecord {
    /// `None` if there is neither a recorder nor an interested subscriber; the request is then unchanged.
    pub(super) fn begin<B>(request: &mut Request<B>, clock: &Arc<dyn Clock>, listeners: &Listeners) -> Option<Self> {
        let (log, span) = if listeners.is_logged {
            CallLog::begin(request)
        } else {
            None
        }
        .unzip();
        if log.is_none() && listeners.metrics.is_none() {
            return None;
        }
        let handle = CallHandle {
            span: span.unwrap_or_else(Span::none),
            attempts: Arc::default(),
        };
        request.extensions_mut().insert(handle.clone());
        Some(Self {
            handle,
            clock: Arc::clone(clock),
            start: clock.now(),
            operation: OperationRef::of(request.extensions()),
            status: None,
            log,
            metrics: listeners.metrics.clone(),
            ended: false,
        })
    }

    pub(super) fn span(&self) -> &Span {
        &self.handle.span
    }

    /// The head of the response is there.
    pub(super) fn answered<B>(&mut self, response: &Response<B>) {
        self.status = Some(response.status());
        if let Some(metrics) = &self.metrics {
            match CacheStatus::of(response.extensions()) {
                Some(CacheStatus::Hit { .. }) => metrics.cache(self.operation, true),
                Some(CacheStatus::Miss | CacheStatus::Revalidated) => metrics.cache(self.operation, false),
                Some(CacheStatus::Bypass) | None => {}
            }
        }
        let Some(log) = &mut self.log else {
            return;
        };
        let head = ResponseHead::new(response);
        let span = &self.handle.span;
        span.record("http.response.status_code", head.status.as_u16());
        if let Some(id) = &head.request_id {
            span.record("okta.request_id", id.as_str());
        }
        if let Some(limit) = head.rate_limit {
            span.record("okta.rate_limit.limit", limit.limit);
            span.record("okta.rate_limit.remaining", limit.remaining);
            span.record("okta.rate_limit.reset", limit.reset);
        }
        log.head = Some(head);
    }

    /// The response was read to its end.
    pub(super) fn finished(mut self) {
        let level = match self.status {
            Some(status) if status.is_server_error() => Level::ERROR,
            // A 404 is often the expected result.
            Some(StatusCode::NOT_FOUND) => Level::INFO,
            Some(status) if status.is_client_error() => Level::WARN,
            _ => Level::INFO,
        };
        self.end(level, "call finished", None);
    }

    /// There is no response, or no end of it.
    pub(super) fn failed(mut self, error: &(dyn Error + 'static)) {
        let summary = ErrorSummary::of(error);
        self.end(Level::ERROR, "call failed", Some(&summary));
    }

    fn end(&mut self, level: Level, what: &str, error: Option<&ErrorSummary>) {
        self.ended = true;
        let attempts = self.handle.attempts.load(Ordering::Relaxed);
        let duration = self.clock.now().saturating_duration_since(self.start);
        if let Some(metrics) = &self.metrics {
            let error = error.map(|error| error.kind);
            metrics.call(self.operation, self.status, error, attempts, duration);
        }
        if let Some(log) = &self.log {
            log.emit(self.span(), level, what, error, attempts, duration);
        }
    }
}

impl CallLog {
    /// The span of the call too; `None` if no subscriber is interested.
    fn begin<B>(request: &Request<B>) -> Option<(Self, Span)> {
        let is_heard = tracing::span_enabled!(target: TARGET, Level::INFO)
            || tracing::event_enabled!(target: TARGET, Level::ERROR);
        if !is_heard {
            return None;
        }
        let sent = Sent::new(request);
        let span = span(&sent);
        if span.is_disabled() && !tracing::event_enabled!(target: TARGET, Level::ERROR) {
            return None;
        }
        Some((Self { sent, head: None }, span))
    }

    fn emit(
        &self,
        span: &Span,
        level: Level,
        what: &str,
        error: Option<&ErrorSummary>,
        attempts: u32,
        duration: Duration,
    ) {
        let resends = attempts.checked_sub(1).filter(|resends| *resends > 0);
        let refusal = self.head.as_ref().and_then(ResponseHead::error_type);
        let error_type = error.map(|error| error.kind).or(refusal);
        let error_message = error.and_then(|error| error.message.as_deref());
        if let Some(error_type) = error_type {
            span.record("error.type", error_type);
            if error_type != CANCELLED {
                span.record("otel.status_code", "ERROR");
            }
        }
        if let Some(resends) = resends {
            span.record("http.request.resend_count", resends);
        }
        let head = self.head.as_ref();
        let rate_limit = head.and_then(|head| head.rate_limit);
        span.in_scope(|| {
            event_at!(
                level,
                target: TARGET,
                okta.operation = self.sent.operation_id(),
                http.request.method = self.sent.method.as_str(),
                url.template = self.sent.template(),
                server.address = self.sent.uri.host(),
                http.response.status_code = head.map(|head| head.status.as_u16()),
                http.request.resend_count = resends,
                "error.type" = error_type,
                error.message = error_message,
                okta.request_id = head.and_then(|head| head.request_id.as_deref()),
                okta.rate_limit.remaining = rate_limit.map(|limit| limit.remaining),
                okta.call.duration = duration.as_secs_f64(),
                "{what}"
            );
        });
    }
}

impl Drop for CallRecord {
    fn drop(&mut self) {
        if !self.ended {
            self.end(Level::INFO, "call cancelled", Some(&ErrorSummary::CANCELLED));
        }
    }
}

/// The span of a call, in the names of OpenTelemetry's conventions for HTTP clients.
fn span(sent: &Sent) -> Span {
    tracing::info_span!(
        target: TARGET,
        "call",
        otel.name = match sent.template() {
            Some(template) => format!("{} {template}", sent.method),
            None => sent.method.to_string(),
        },
        otel.kind = "client",
        otel.status_code = Empty,
        okta.operation = sent.operation_id(),
        http.request.method = sent.method.as_str(),
        url.template = sent.template(),
        server.address = sent.uri.host(),
        server.port = sent.port(),
        http.response.status_code = Empty,
        http.request.resend_count = Empty,
        "error.type" = Empty,
        okta.request_id = Empty,
        okta.rate_limit.limit = Empty,
        okta.rate_limit.remaining = Empty,
        okta.rate_limit.reset = Empty,
    )
}
