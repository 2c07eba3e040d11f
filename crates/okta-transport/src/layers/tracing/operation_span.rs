use std::{
    future::Future,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
};

use bytes::Bytes;
use http::{Request, Response};
use http_body::{Frame, SizeHint};
use okta_auth::Clock;
use pin_project_lite::pin_project;
use tower::{BoxError, Layer, Service, util::Oneshot};
use tracing::{Instrument, Span, instrument::Instrumented};

use super::call_record::{CallRecord, Listeners};
use crate::{measures::metrics::Metrics, service::body::Body, time::clock::TokioClock};

/// Opens a `tracing` span for each call, and emits an event when the call is over. With [`Metrics`] it measures each call, too.
///
/// The span has the level `INFO` and the target `okta_transport::call`; its fields are named by [OpenTelemetry's
/// conventions] for HTTP clients: `http.request.method`, `url.template`, `server.address`, `server.port`,
/// `http.response.status_code`, `http.request.resend_count`, `error.type`, besides `okta.operation`, `okta.request_id`
/// and `okta.rate_limit.limit`, `.remaining` and `.reset`. `otel.name`, `otel.kind` and `otel.status_code` are for
/// `tracing-opentelemetry`. Everything the call does happens within it, also the reading of the response's body.
///
/// The event has the same target and, for those who filter spans away, the same fields. Its level is `ERROR` for a call
/// without a response and for the statuses 5xx, `WARN` for 4xx except 404, and `INFO` for every other.
/// `okta.call.duration` is in seconds, from the request to the end of the body. A call whose future is dropped, or
/// whose body is dropped while it is read, has the `error.type` `cancelled`; a body that was never polled is not a
/// cancelled call.
///
/// The address itself is in neither: ids in paths may be logins (see [`AttemptLogLayer`](crate::trace::AttemptLogLayer)).
///
/// With [`metrics`](Self::metrics) it records [`CallDuration`](crate::metrics::Instrument::CallDuration),
/// [`CallAttempts`](crate::metrics::Instrument::CallAttempts), [`CacheHit`](crate::metrics::Instrument::CacheHit) and
/// [`CacheMiss`](crate::metrics::Instrument::CacheMiss).
///
/// Put it outside of everything that takes part in a call. Without a subscriber and a recorder it costs next to nothing.
///
/// [OpenTelemetry's conventions]: https://opentelemetry.io/docs/specs/semconv/http/http-spans/#http-client
#[derive(Clone, Debug)]
pub struct OperationSpanLayer {
    clock: Arc<dyn Clock>,
    listeners: Listeners,
}

impl OperationSpanLayer {
    /// Measures by tokio's time.
    #[must_use]
    pub fn new() -> Self {
        Self {
            clock: Arc::new(TokioClock),
            listeners: Listeners {
                is_logged: true,
                metrics: None,
            },
        }
    }

    /// Measures each call.
    #[must_use]
    pub fn metrics(mut self, metrics: Metrics) -> Self {
        self.listeners.metrics = Some(metrics);
        self
    }

    /// Opens no span and emits no event: the layer only measures.
    #[must_use]
    pub const fn without_logging(mut self) -> Self {
        self.listeners.is_logged = false;
        self
    }

    /// Takes the time from this clock instead of tokio's.
    #[must_use]
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }
}

impl Default for OperationSpanLayer {
    fn default() -> Self {
        Self::new()
    }
}

impl<S> Layer<S> for OperationSpanLayer {
    type Service = OperationSpan<S>;

    fn layer(&self, inner: S) -> OperationSpan<S> {
        OperationSpan {
            inner,
            clock: Arc::clone(&self.clock),
            listeners: self.listeners.clone(),
        }
    }
}

/// The service of [`OperationSpanLayer`].
#[derive(Clone, Debug)]
pub struct OperationSpan<S> {
    inner: S,
    clock: Arc<dyn Clock>,
    listeners: Listeners,
}

impl<S, B, C> Service<Request<B>> for OperationSpan<S>
where
    S: Service<Request<B>, Response = Response<C>> + Clone,
    S::Error: Into<BoxError>,
    C: http_body::Body<Data = Bytes> + Send + 'static,
    C::Error: Into<BoxError>,
{
    type Response = Response<Body>;
    type Error = BoxError;
    type Future = OperationSpanFuture<S, B>;

    /// Always ready: waiting for the inner service is part of the call.
    fn poll_ready(&mut self, _context: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, mut request: Request<B>) -> Self::Future {
        let record = CallRecord::begin(&mut request, &self.clock, &self.listeners);
        let span = record.as_ref().map_or_else(Span::none, |record| record.span().clone());
        OperationSpanFuture {
            call: Oneshot::new(self.inner.clone(), request).instrument(span),
            record,
        }
    }
}

pin_project! {
    /// The future of [`OperationSpan`].
    #[derive(Debug)]
    pub struct OperationSpanFuture<S, B>
    where
        S: Service<Request<B>>,
    {
        // Dropped before the record, so that an attempt that is cancelled with the call is reported first.
        #[pin]
        call: Instrumented<Oneshot<S, Request<B>>>,
        record: Option<CallRecord>,
    }
}

impl<S, B, C> Future for OperationSpanFuture<S, B>
where
    S: Service<Request<B>, Response = Response<C>>,
    S::Error: Into<BoxError>,
    C: http_body::Body<Data = Bytes> + Send + 'static,
    C::Error: Into<BoxError>,
{
    type Output = Result<Response<Body>, BoxError>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let outcome = ready!(this.call.poll(context)).map_err(Into::into);
        let record = this.record.take();
        Poll::Ready(match outcome {
            Ok(response) => Ok(follow(response.map(Body::new), record)),
            Err(error) => {
                if let Some(record) = record {
                    record.failed(&*error);
                }
                Err(error)
            }
        })
    }
}

/// Follows the body of the response to its end; one that is there already is at its end.
fn follow(response: Response<Body>, record: Option<CallRecord>) -> Response<Body> {
    let Some(mut record) = record else {
        return response;
    };
    record.answered(&response);
    if response.body().as_bytes().is_some() {
        record.finished();
        return response;
    }
    response.map(|inner| {
        Body::new(FollowedBody {
            inner,
            record: Some(record),
            begun: false,
        })
    })
}

/// A body that is read within the span of its call.
struct FollowedBody {
    inner: Body,
    /// `None` once the end of the call was reported.
    record: Option<CallRecord>,
    begun: bool,
}

impl http_body::Body for FollowedBody {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        let this = &mut *self;
        this.begun = true;
        let frame = {
            let _within = this.record.as_ref().map(|record| record.span().enter());
            ready!(Pin::new(&mut this.inner).poll_frame(context))
        };
        match &frame {
            Some(Err(error)) => {
                if let Some(record) = this.record.take() {
                    record.failed(&**error);
                }
            }
            Some(Ok(_)) if !this.inner.is_end_stream() => {}
            Some(Ok(_)) | None => this.finished(),
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}

impl FollowedBody {
    fn finished(&mut self) {
        if let Some(record) = self.record.take() {
            record.finished();
        }
    }
}

impl Drop for FollowedBody {
    /// A caller that never polls the body has all it asked for; one that stops in the middle has not.
    fn drop(&mut self) {
        if !self.begun {
            self.finished();
        }
    }
}
