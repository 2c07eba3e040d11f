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
use tower::{BoxError, Layer, Service, util::Oneshot};

use crate::{
    request::{call_options::CallOptions, deadline::Deadline, send_state::SendState},
    service::body::Body,
    time::timer::{self, Limit, Timer},
};

/// Limits how long a whole call may take: all attempts, the waits between them and the reading of the body.
///
/// If the time is over while a layer inside holds the request back (the rate limiter, or the layer that waits for credentials),
/// the error says that it was not sent ([`TimeoutError::is_unsent`](crate::TimeoutError::is_unsent)), and it will not be.
///
/// The limit of a single call comes from its [`CallOptions`]. Inner layers find the [`Deadline`] in the request's
/// extensions. Waiting for the inner service to become ready counts.
#[derive(Clone, Debug)]
pub struct TotalTimeoutLayer(Limit);

impl TotalTimeoutLayer {
    /// Fails a call after `limit`; `None` and zero mean: only if its [`CallOptions`] set a limit.
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

impl<S> Layer<S> for TotalTimeoutLayer {
    type Service = TotalTimeout<S>;

    fn layer(&self, inner: S) -> TotalTimeout<S> {
        TotalTimeout {
            inner,
            limit: self.0.clone(),
        }
    }
}

/// The service of [`TotalTimeoutLayer`].
#[derive(Clone, Debug)]
pub struct TotalTimeout<S> {
    inner: S,
    limit: Limit,
}

impl<S, B, C> Service<Request<B>> for TotalTimeout<S>
where
    S: Service<Request<B>, Response = Response<C>> + Clone,
    S::Error: Into<BoxError>,
    C: http_body::Body<Data = Bytes> + Send + 'static,
    C::Error: Into<BoxError>,
{
    type Response = Response<Body>;
    type Error = BoxError;
    type Future = TotalTimeoutFuture<S, B>;

    /// Always ready: the inner service is waited for within the deadline.
    fn poll_ready(&mut self, _context: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, mut request: Request<B>) -> Self::Future {
        let now = self.limit.clock.now();
        let own = CallOptions::total_timeout_of(request.extensions(), self.limit.after)
            .and_then(|limit| Deadline::new(now, limit));
        let given = Deadline::of(request.extensions());
        let deadline = own.into_iter().chain(given).min_by_key(Deadline::at);
        let timer = deadline.map(|deadline| {
            let state = SendState::default();
            request.extensions_mut().insert(deadline);
            request.extensions_mut().insert(state.clone());
            let timer = Timer::new(&*self.limit.clock, deadline.remaining(now), deadline.error());
            (timer, state)
        });
        let (timer, state) = timer.unzip();
        TotalTimeoutFuture {
            call: Oneshot::new(self.inner.clone(), request),
            timer,
            state,
        }
    }
}

pin_project! {
    /// The future of [`TotalTimeout`].
    #[derive(Debug)]
    pub struct TotalTimeoutFuture<S, B>
    where
        S: Service<Request<B>>,
    {
        #[pin]
        call: Oneshot<S, Request<B>>,
        timer: Option<Timer>,
        state: Option<SendState>,
    }
}

impl<S, B, C> Future for TotalTimeoutFuture<S, B>
where
    S: Service<Request<B>, Response = Response<C>>,
    S::Error: Into<BoxError>,
    C: http_body::Body<Data = Bytes> + Send + 'static,
    C::Error: Into<BoxError>,
{
    type Output = Result<Response<Body>, BoxError>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        if let Poll::Ready(error) = timer::poll_fired(this.timer, context) {
            let error = match this.state {
                Some(state) if state.close() => error.unsent(),
                _ => error,
            };
            return Poll::Ready(Err(error.into()));
        }
        let response = ready!(this.call.poll(context)).map_err(Into::into)?.map(Body::new);
        Poll::Ready(Ok(match this.timer.take() {
            Some(timer) if response.body().as_bytes().is_none() => {
                response.map(|inner| Body::new(TotalTimeoutBody { inner, timer }))
            }
            _ => response,
        }))
    }
}

/// A body that fails once the deadline has passed.
struct TotalTimeoutBody {
    inner: Body,
    timer: Timer,
}

impl http_body::Body for TotalTimeoutBody {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        if let Poll::Ready(error) = Pin::new(&mut self.timer).poll(context) {
            return Poll::Ready(Some(Err(error.into())));
        }
        Pin::new(&mut self.inner).poll_frame(context)
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

    use http_body_util::{BodyExt, StreamBody};
    use tokio::time;
    use tower::ServiceExt;
    use tower_test::mock::{self, Handle};

    use super::*;
    use crate::error::timeout_error::{TimeoutError, TimeoutKind};
    use crate::time::clock::TokioClock;

    const LIMIT: Duration = Duration::from_secs(300);

    type Answers = Handle<Request<Body>, Response<Body>>;

    fn stack(
        limit: impl Into<Option<Duration>>,
    ) -> (
        impl Service<Request<Body>, Response = Response<Body>, Error = BoxError, Future: Send> + Send + 'static,
        Answers,
    ) {
        let (service, handle) = mock::pair();
        (TotalTimeoutLayer::new(limit).layer(service), handle)
    }

    fn request() -> Request<Body> {
        Request::default()
    }

    fn endless() -> Body {
        let frame = || Ok::<_, Infallible>(Frame::data(Bytes::from_static(b"x")));
        Body::new(StreamBody::new(futures_util::stream::repeat_with(frame)))
    }

    fn silent() -> Body {
        Body::new(StreamBody::new(futures_util::stream::pending::<
            Result<Frame<Bytes>, Infallible>,
        >()))
    }

    fn total(error: BoxError) -> TimeoutError {
        *error.downcast().unwrap()
    }

    #[tokio::test(start_paused = true)]
    async fn a_call_without_an_answer_fails_after_the_total_timeout() {
        for taken in [0, 1] {
            let (service, mut handle) = stack(LIMIT);
            handle.allow(taken);
            let start = time::Instant::now();
            let error = total(service.oneshot(request()).await.unwrap_err());
            assert_eq!(start.elapsed(), LIMIT);
            assert_eq!(error, TimeoutError::new(TimeoutKind::Total, LIMIT));
            assert_eq!(
                error.to_string(),
                "the call was not finished within the total timeout of 300s"
            );
        }
    }

    /// The response comes when two thirds of the time are over; its body begins to be read then.
    async fn late_response(body: Body) -> Body {
        let (service, mut handle) = stack(LIMIT);
        let call = tokio::spawn(service.oneshot(request()));
        let (_, answer) = handle.next_request().await.unwrap();
        time::advance(LIMIT * 2 / 3).await;
        answer.send_response(Response::new(body));
        call.await.unwrap().unwrap().into_body()
    }

    #[tokio::test(start_paused = true)]
    async fn the_body_has_what_is_left_of_the_time() {
        let body = late_response(silent()).await;
        let start = time::Instant::now();
        assert_eq!(total(body.collect().await.unwrap_err()).kind(), TimeoutKind::Total);
        assert_eq!(start.elapsed(), LIMIT / 3);
    }

    #[tokio::test(start_paused = true)]
    async fn a_body_that_never_pauses_does_not_outrun_the_deadline() {
        let mut body = late_response(endless()).await;
        for _ in 0..1000 {
            assert!(body.frame().await.unwrap().is_ok());
        }
        time::advance(LIMIT / 3).await;
        assert_eq!(
            total(body.frame().await.unwrap().unwrap_err()).kind(),
            TimeoutKind::Total
        );
        assert!(body.frame().await.unwrap().is_err(), "it stays so");
    }

    #[tokio::test(start_paused = true)]
    async fn a_body_that_is_there_already_cannot_be_late() {
        let body = late_response(Body::from("whole")).await;
        time::advance(LIMIT).await;
        assert_eq!(body.as_bytes().unwrap(), "whole");
    }

    /// The deadline that an inner layer finds.
    async fn found(limit: impl Into<Option<Duration>>, given: Option<Deadline>) -> Option<Deadline> {
        let (service, mut handle) = stack(limit);
        let mut request = request();
        given.map(|given| request.extensions_mut().insert(given));
        let call = tokio::spawn(service.oneshot(request));
        let (request, answer) = handle.next_request().await.unwrap();
        answer.send_response(Response::default());
        call.await.unwrap().unwrap();
        Deadline::of(request.extensions())
    }

    #[tokio::test(start_paused = true)]
    async fn inner_layers_find_the_earliest_deadline() {
        let now = TokioClock.now();
        let own = Deadline::new(now, LIMIT);
        let earlier = Deadline::new(now, LIMIT / 2);
        let later = Deadline::new(now, LIMIT * 2);
        assert_eq!(found(LIMIT, None).await, own);
        assert_eq!(found(LIMIT, earlier).await, earlier);
        assert_eq!(found(LIMIT, later).await, own);
        assert_eq!(found(None, later).await, later);
        assert_eq!(found(None, None).await, None);
        assert_eq!(own.unwrap().remaining(now + LIMIT / 3), LIMIT * 2 / 3);
        assert_eq!(own.unwrap().remaining(now + LIMIT * 2), Duration::ZERO);
    }

    #[tokio::test(start_paused = true)]
    async fn a_limit_beyond_the_end_of_time_is_none() {
        assert_eq!(found(Duration::MAX, None).await, None);
    }

    #[tokio::test(start_paused = true)]
    async fn a_call_whose_time_is_over_is_not_begun() {
        let over = Deadline::new(TokioClock.now(), Duration::from_secs(1));
        time::advance(Duration::from_secs(2)).await;
        let (service, mut handle) = stack(None);
        let mut request = request();
        request.extensions_mut().insert(over.unwrap());
        let error = total(service.oneshot(request).await.unwrap_err());
        assert_eq!(error.limit(), Duration::from_secs(1));
        assert!(handle.next_request().await.is_none());
    }

    #[tokio::test(start_paused = true)]
    async fn a_call_has_its_own_limit() {
        let (service, _handle) = stack(LIMIT);
        let mut request = request();
        request
            .extensions_mut()
            .insert(CallOptions::new().total_timeout(Duration::from_secs(1)));
        let error = total(service.oneshot(request).await.unwrap_err());
        assert_eq!(error.limit(), Duration::from_secs(1));
    }
}
