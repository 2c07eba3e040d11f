use std::{
    future::Future,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
    time::Duration,
};

use bytes::Bytes;
use http::{Request, Response};
use http_body::{Frame, SizeHint};
use okta_auth::Clock;
use pin_project_lite::pin_project;
use tower::{BoxError, Layer, Service};

use crate::{
    error::timeout_error::{TimeoutError, TimeoutKind},
    request::call_options::CallOptions,
    service::body::Body,
    time::timer::{self, Limit, Timer},
};

/// Limits how long a body may stay silent: no byte of it for this long is an error.
///
/// It is the limit that finds a connection which dies in the middle of a page, however long the whole page may take. Only
/// the time that a reader waits counts, so one that takes its time is not punished. The limit of a single call comes from
/// its [`CallOptions`].
#[derive(Clone, Debug)]
pub struct BodyIdleTimeoutLayer(Limit);

impl BodyIdleTimeoutLayer {
    /// Fails a body that is silent for `limit`; `None` and zero mean: only if the call's [`CallOptions`] set a limit.
    pub fn new(limit: impl Into<Option<Duration>>) -> Self {
        Self(Limit::new(limit))
    }

    /// Takes the time from this clock instead of tokio's.
    #[must_use]
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.0.clock = clock;
        self
    }
}

impl<S> Layer<S> for BodyIdleTimeoutLayer {
    type Service = BodyIdleTimeout<S>;

    fn layer(&self, inner: S) -> BodyIdleTimeout<S> {
        BodyIdleTimeout {
            inner,
            limit: self.0.clone(),
        }
    }
}

/// The service of [`BodyIdleTimeoutLayer`].
#[derive(Clone, Debug)]
pub struct BodyIdleTimeout<S> {
    inner: S,
    limit: Limit,
}

impl<S, B, C> Service<Request<B>> for BodyIdleTimeout<S>
where
    S: Service<Request<B>, Response = Response<C>>,
    C: http_body::Body<Data = Bytes> + Send + 'static,
    C::Error: Into<BoxError>,
{
    type Response = Response<Body>;
    type Error = S::Error;
    type Future = BodyIdleTimeoutFuture<S::Future>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        let after = CallOptions::body_idle_timeout_of(request.extensions(), self.limit.after);
        BodyIdleTimeoutFuture {
            response: self.inner.call(request),
            clock: Arc::clone(&self.limit.clock),
            after,
        }
    }
}

pin_project! {
    /// The future of [`BodyIdleTimeout`].
    #[derive(Debug)]
    pub struct BodyIdleTimeoutFuture<F> {
        #[pin]
        response: F,
        clock: Arc<dyn Clock>,
        after: Option<Duration>,
    }
}

impl<F, C, E> Future for BodyIdleTimeoutFuture<F>
where
    F: Future<Output = Result<Response<C>, E>>,
    C: http_body::Body<Data = Bytes> + Send + 'static,
    C::Error: Into<BoxError>,
{
    type Output = Result<Response<Body>, E>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let response = ready!(this.response.poll(context))?.map(Body::new);
        Poll::Ready(Ok(match *this.after {
            Some(limit) if response.body().as_bytes().is_none() => response.map(|inner| {
                Body::new(BodyIdleTimeoutBody {
                    inner,
                    clock: Arc::clone(this.clock),
                    limit,
                    timer: None,
                })
            }),
            _ => response,
        }))
    }
}

/// A body that fails when it is silent for too long.
struct BodyIdleTimeoutBody {
    inner: Body,
    clock: Arc<dyn Clock>,
    limit: Duration,
    /// Runs from the moment a reader had to wait until the next byte.
    timer: Option<Timer>,
}

impl http_body::Body for BodyIdleTimeoutBody {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        let this = &mut *self;
        if let Poll::Ready(frame) = Pin::new(&mut this.inner).poll_frame(context) {
            // HTTP/2 has frames without a byte, with which a server could go on being silent.
            let is_empty = matches!(&frame, Some(Ok(frame)) if frame.data_ref().is_some_and(Bytes::is_empty));
            if !is_empty {
                this.timer = None;
            }
            return Poll::Ready(frame);
        }
        this.timer.get_or_insert_with(|| {
            let error = TimeoutError::new(TimeoutKind::BodyIdle, this.limit);
            Timer::new(&*this.clock, this.limit, error)
        });
        timer::poll_fired(&mut this.timer, context).map(|error| Some(Err(error.into())))
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use futures_util::{
        future::{self, Either},
        stream,
    };
    use http_body_util::{BodyExt, StreamBody};
    use tokio::{sync::mpsc, time};
    use tower::ServiceExt;

    use super::*;
    use crate::time::clock::TokioClock;

    const LIMIT: Duration = Duration::from_secs(30);
    const NEARLY: Duration = Duration::from_millis(29_999);

    /// A body whose frames come when the test sends them.
    async fn fed(
        limit: impl Into<Option<Duration>>,
        options: CallOptions,
    ) -> (Body, mpsc::UnboundedSender<&'static str>) {
        let (sender, receiver) = mpsc::unbounded_channel();
        let frames = stream::unfold(receiver, |mut receiver| async {
            let text: &str = receiver.recv().await?;
            Some((Ok::<_, Infallible>(Frame::data(Bytes::from(text))), receiver))
        });
        let mut body = Some(Body::new(StreamBody::new(frames)));
        let transport = tower::service_fn(move |_: Request<Body>| {
            let response = Response::new(body.take().unwrap());
            async { Ok::<_, Infallible>(response) }
        });
        let request = Request::get("/").extension(options).body(Body::empty()).unwrap();
        let response = BodyIdleTimeoutLayer::new(limit).layer(transport).oneshot(request).await;
        (response.unwrap().into_body(), sender)
    }

    /// Neither a byte nor an error comes for so long.
    async fn is_silent_for(duration: Duration, body: &mut Body) {
        let first = future::select(body.frame(), TokioClock.sleep(duration)).await;
        assert!(matches!(first, Either::Right(_)));
    }

    fn idle(frame: Option<Result<Frame<Bytes>, BoxError>>) -> TimeoutError {
        *frame.unwrap().unwrap_err().downcast().unwrap()
    }

    #[tokio::test(start_paused = true)]
    async fn a_silent_body_fails_and_says_why() {
        let (mut body, _sender) = fed(LIMIT, CallOptions::new()).await;
        let start = time::Instant::now();
        let error = idle(body.frame().await);
        assert_eq!(start.elapsed(), LIMIT);
        assert_eq!(error, TimeoutError::new(TimeoutKind::BodyIdle, LIMIT));
        assert_eq!(
            error.to_string(),
            "no byte of the response's body within the body idle timeout of 30s"
        );
        assert_eq!(idle(body.frame().await).kind(), TimeoutKind::BodyIdle, "it stays so");
    }

    #[tokio::test(start_paused = true)]
    async fn every_byte_gives_the_whole_time_anew() {
        let (mut body, sender) = fed(LIMIT, CallOptions::new()).await;
        for _ in 0..3 {
            is_silent_for(NEARLY, &mut body).await;
            sender.send("x").unwrap();
            assert!(body.frame().await.unwrap().is_ok());
        }
        drop(sender);
        assert!(body.frame().await.is_none());
    }

    #[tokio::test(start_paused = true)]
    async fn a_frame_without_a_byte_gives_none() {
        let (mut body, sender) = fed(LIMIT, CallOptions::new()).await;
        is_silent_for(NEARLY, &mut body).await;
        sender.send("").unwrap();
        assert!(body.frame().await.unwrap().is_ok());
        let start = time::Instant::now();
        idle(body.frame().await);
        assert!(start.elapsed() < LIMIT / 2);
    }

    #[tokio::test(start_paused = true)]
    async fn a_slow_reader_is_not_a_silent_server() {
        let (mut body, sender) = fed(LIMIT, CallOptions::new()).await;
        sender.send("x").unwrap();
        time::advance(LIMIT * 2).await;
        assert!(body.frame().await.unwrap().is_ok());
        time::advance(LIMIT * 2).await;
        sender.send("y").unwrap();
        assert!(body.frame().await.unwrap().is_ok());
    }

    #[tokio::test(start_paused = true)]
    async fn a_call_has_its_own_limit_or_none() {
        let own = CallOptions::new().body_idle_timeout(Duration::from_secs(1));
        let (mut body, _sender) = fed(LIMIT, own).await;
        assert_eq!(idle(body.frame().await).limit(), Duration::from_secs(1));

        let (mut body, _sender) = fed(LIMIT, CallOptions::new().body_idle_timeout(None)).await;
        is_silent_for(LIMIT * 10, &mut body).await;
    }
}
