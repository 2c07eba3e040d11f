use std::{
    fmt,
    future::Future,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
    time::Instant,
};

use http::{Request, Response};
use okta_auth::{Clock, Principal};
use pin_project_lite::pin_project;
use tower::{BoxError, Layer, Service, util::Oneshot};

use super::{audit_queue::AuditQueue, audit_record::AuditRecord};
use crate::time::clock::TokioClock;

/// The number of records that wait for a slow sink, at most.
const CAPACITY: usize = 4096;

/// A tower layer that reports each request to your sink when its response or its error is there: the operation, the
/// target, the caller and the outcome.
///
/// The sink is called on a separate thread, one record at a time and in the order in which the requests ended. It may
/// block. While it is slow, up to 4,096 records wait ([`with_capacity`](Self::with_capacity)); a record beyond that is
/// lost, and so is one on which the sink panics. No call waits, and none fails. [`lost`](Self::lost) counts them. Call
/// [`flush`](Self::flush) before the program ends.
///
/// With `.layer(…)` it reports each call once, whatever was retried; add it first, so that it reports also what a
/// [`ReadOnlyLayer`](crate::guard::ReadOnlyLayer) refuses. With `.attempt_layer(…)` it reports each attempt, and no call
/// that is served by the cache. A call whose future is dropped is reported as cancelled.
///
/// ```
/// use http::{Request, Response};
/// use okta_auth::Principal;
/// use okta_config::OrgUrl;
/// use okta_transport::{Body, BoxError, HttpService, guard::{AuditLayer, AuditRecord}};
/// use tower::ServiceExt;
///
/// # tokio::runtime::Builder::new_current_thread().enable_time().build()?.block_on(async {
/// let (lines, received) = std::sync::mpsc::channel();
/// let audit = AuditLayer::new(move |record: &AuditRecord| {
///     lines.send(format!("{} {}: {}", record.method, record.path, record.outcome)).ok();
/// })
/// .principal(Principal::new("oauth", "0oa1"));
/// let service = HttpService::builder(&OrgUrl::parse("https://acme.okta.com")?)
///     .layer(audit.clone())
///     .service(tower::service_fn(|_| async { Ok::<_, BoxError>(Response::new(Body::empty())) }))
///     .build()?;
///
/// service.oneshot(Request::delete("https://acme.okta.com/api/v1/users/00u1").body(Body::empty())?).await?;
/// audit.flush().await;
/// assert_eq!(received.try_recv()?, "DELETE /api/v1/users/00u1: 200");
/// # Ok::<(), BoxError>(()) })?;
/// # Ok::<(), BoxError>(())
/// ```
#[derive(Clone)]
pub struct AuditLayer {
    queue: AuditQueue,
    caller: Option<Principal>,
    clock: Arc<dyn Clock>,
}

impl AuditLayer {
    /// Reports to `sink`. Starts its thread, which ends when the layer, its clones and its services are dropped.
    #[must_use]
    pub fn new(sink: impl FnMut(&AuditRecord) + Send + 'static) -> Self {
        Self::with_capacity(CAPACITY, sink)
    }

    /// The same, with room for `capacity` records that wait for the sink. The least is 1; the default is 4,096.
    #[must_use]
    pub fn with_capacity(capacity: usize, sink: impl FnMut(&AuditRecord) + Send + 'static) -> Self {
        Self {
            queue: AuditQueue::start(capacity, Box::new(sink)),
            caller: None,
            clock: Arc::new(TokioClock),
        }
    }

    /// Sets the caller of requests that have no credentials of their own: the
    /// [`principal`](okta_auth::Authenticator::principal) of the stack's authenticator. The default is none.
    #[must_use]
    pub fn principal(mut self, caller: Principal) -> Self {
        self.caller = Some(caller);
        self
    }

    /// Takes the time from this clock instead of tokio's.
    #[must_use]
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    /// The number of records that the sink did not process, because too many were waiting or because it panicked.
    #[must_use]
    pub fn lost(&self) -> u64 {
        self.queue.lost()
    }

    /// Waits until the sink has returned from every record so far.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future only ends the wait.
    pub async fn flush(&self) {
        self.queue.flush().await;
    }
}

impl fmt::Debug for AuditLayer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AuditLayer")
            .field("caller", &self.caller)
            .field("lost", &self.lost())
            .finish_non_exhaustive()
    }
}

impl<S> Layer<S> for AuditLayer {
    type Service = Audit<S>;

    fn layer(&self, inner: S) -> Audit<S> {
        Audit {
            inner,
            layer: self.clone(),
        }
    }
}

/// The service of [`AuditLayer`].
#[derive(Clone, Debug)]
pub struct Audit<S> {
    inner: S,
    layer: AuditLayer,
}

impl<S, B, C> Service<Request<B>> for Audit<S>
where
    S: Service<Request<B>, Response = Response<C>> + Clone,
    S::Error: Into<BoxError>,
{
    type Response = Response<C>;
    type Error = BoxError;
    type Future = AuditFuture<S, B>;

    /// Always ready: waiting for the inner service is part of the call.
    fn poll_ready(&mut self, _context: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        let clock = Arc::clone(&self.layer.clock);
        let report = Report {
            record: Some(AuditRecord::begin(
                &request,
                self.layer.caller.as_ref(),
                clock.system_time(),
            )),
            start: clock.now(),
            clock,
            queue: self.layer.queue.clone(),
        };
        AuditFuture {
            call: Oneshot::new(self.inner.clone(), request),
            report,
        }
    }
}

/// Reports when it is dropped, at the latest.
#[derive(Debug)]
struct Report {
    /// `None` once it is reported.
    record: Option<AuditRecord>,
    start: Instant,
    clock: Arc<dyn Clock>,
    queue: AuditQueue,
}

impl Report {
    fn end(&mut self, set_outcome: impl FnOnce(&mut AuditRecord)) {
        if let Some(mut record) = self.record.take() {
            set_outcome(&mut record);
            record.duration = self.clock.now().saturating_duration_since(self.start);
            self.queue.push(record);
        }
    }
}

impl Drop for Report {
    fn drop(&mut self) {
        self.end(|_| {});
    }
}

pin_project! {
    /// The future of [`Audit`].
    #[derive(Debug)]
    pub struct AuditFuture<S, B>
    where
        S: Service<Request<B>>,
    {
        #[pin]
        call: Oneshot<S, Request<B>>,
        report: Report,
    }
}

impl<S, B, C> Future for AuditFuture<S, B>
where
    S: Service<Request<B>, Response = Response<C>>,
    S::Error: Into<BoxError>,
{
    type Output = Result<Response<C>, BoxError>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let result = ready!(this.call.poll(context)).map_err(Into::into);
        this.report.end(|record| match &result {
            Ok(response) => record.responded(response),
            Err(error) => record.failed(&**error),
        });
        Poll::Ready(result)
    }
}

#[cfg(test)]
mod tests {
    use std::{
        sync::{Mutex, mpsc},
        time::Duration,
    };

    use http::StatusCode;
    use tower::ServiceExt;

    use super::*;
    use crate::{
        layers::guard::{audit_record::AuditOutcome, read_only::ReadOnlyLayer},
        service::body::Body,
    };

    type Records = Arc<Mutex<Vec<AuditRecord>>>;

    fn audit() -> (AuditLayer, Records) {
        let records = Records::default();
        let sink = Arc::clone(&records);
        (
            AuditLayer::new(move |record| sink.lock().unwrap().push(record.clone())),
            records,
        )
    }

    /// Takes a second, and responds with the status that the path says.
    async fn status_of_path(request: Request<Body>) -> Result<Response<Body>, BoxError> {
        tokio::time::advance(Duration::from_secs(1)).await;
        let status = request.uri().path().trim_start_matches('/').parse::<u16>()?;
        Ok(Response::builder().status(status).body(Body::empty())?)
    }

    fn delete(path: &str) -> Request<Body> {
        Request::delete(path).body(Body::empty()).unwrap()
    }

    #[tokio::test(start_paused = true)]
    async fn each_call_is_reported_with_its_outcome_and_duration() {
        let (layer, records) = audit();
        let mut service = layer.layer(tower::service_fn(status_of_path));
        service.clone().oneshot(delete("/404")).await.unwrap();
        service.clone().oneshot(delete("/canary")).await.unwrap_err();
        let refusing = layer.layer(ReadOnlyLayer::new().layer(tower::service_fn(status_of_path)));
        refusing.oneshot(delete("/204")).await.unwrap_err();
        drop(service.call(delete("/204")));
        layer.flush().await;
        let records = records.lock().unwrap();
        let outcomes: Vec<_> = records.iter().map(|record| record.outcome).collect();
        assert_eq!(
            outcomes,
            [
                AuditOutcome::Response(StatusCode::NOT_FOUND),
                AuditOutcome::Error("_OTHER"),
                AuditOutcome::Error("withheld"),
                AuditOutcome::Cancelled,
            ]
        );
        let seconds: Vec<_> = records.iter().map(|record| record.duration.as_secs()).collect();
        assert_eq!((seconds, layer.lost()), (vec![1, 1, 0, 0], 0));
    }

    #[tokio::test(start_paused = true)]
    async fn a_sink_that_panics_loses_its_record_and_nothing_else() {
        let (sent, received) = mpsc::channel();
        let layer = AuditLayer::new(move |record| {
            assert_ne!(record.path, "/201", "the sink panics");
            sent.send(record.path.clone()).unwrap();
        });
        let service = layer.layer(tower::service_fn(status_of_path));
        for path in ["/200", "/201", "/202"] {
            service.clone().oneshot(delete(path)).await.unwrap();
        }
        layer.flush().await;
        assert_eq!(received.try_iter().collect::<Vec<_>>(), ["/200", "/202"]);
        assert_eq!(layer.lost(), 1);
    }

    #[tokio::test(start_paused = true)]
    async fn no_call_waits_for_a_sink_that_blocks() {
        let (release, released) = mpsc::channel::<()>();
        let (sent, received) = mpsc::channel();
        let layer = AuditLayer::with_capacity(2, move |record| {
            sent.send(record.path.clone()).unwrap();
            released.recv().ok();
        });
        let service = layer.layer(tower::service_fn(status_of_path));
        service.clone().oneshot(delete("/200")).await.unwrap();
        assert_eq!(received.recv().unwrap(), "/200");
        for _ in 0..5 {
            service.clone().oneshot(delete("/201")).await.unwrap();
        }
        assert_eq!(layer.lost(), 3);
        drop(release);
        layer.flush().await;
        assert_eq!(received.try_iter().count(), 2);
    }

    #[tokio::test]
    async fn the_thread_ends_when_the_layer_is_dropped() {
        let (sent, received) = mpsc::channel::<()>();
        let layer = AuditLayer::new(move |_| sent.send(()).unwrap());
        drop(layer);
        received.recv().unwrap_err();
    }
}
