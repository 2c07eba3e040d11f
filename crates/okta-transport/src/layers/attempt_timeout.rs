use std::{
    future::Future,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use http::Request;
use okta_auth::Clock;
use pin_project_lite::pin_project;
use tower::{BoxError, Layer, Service, util::Oneshot};

use crate::{
    error::timeout_error::{TimeoutError, TimeoutKind},
    request::call_options::CallOptions,
    time::timer::{self, Limit, Timer},
};

/// Limits how long one attempt may take until the headers of its response are there.
///
/// It is the limit that finds a server which accepts a request and then says nothing. The limit of a single call comes
/// from its [`CallOptions`]; the body of the response is not covered (see
/// [`BodyIdleTimeoutLayer`](crate::timeout::BodyIdleTimeoutLayer) and [`TotalTimeoutLayer`](crate::timeout::TotalTimeoutLayer)). Waiting
/// for the inner service to become ready counts.
#[derive(Clone, Debug)]
pub struct AttemptTimeoutLayer(Limit);

impl AttemptTimeoutLayer {
    /// Fails an attempt after `limit`; `None` and zero mean: only if its [`CallOptions`] set a limit.
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

impl<S> Layer<S> for AttemptTimeoutLayer {
    type Service = AttemptTimeout<S>;

    fn layer(&self, inner: S) -> AttemptTimeout<S> {
        AttemptTimeout {
            inner,
            limit: self.0.clone(),
        }
    }
}

/// The service of [`AttemptTimeoutLayer`].
#[derive(Clone, Debug)]
pub struct AttemptTimeout<S> {
    inner: S,
    limit: Limit,
}

impl<S, B> Service<Request<B>> for AttemptTimeout<S>
where
    S: Service<Request<B>> + Clone,
    S::Error: Into<BoxError>,
{
    type Response = S::Response;
    type Error = BoxError;
    type Future = AttemptTimeoutFuture<S, B>;

    /// Always ready: the inner service is waited for within the limit.
    fn poll_ready(&mut self, _context: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        let timer = CallOptions::attempt_timeout_of(request.extensions(), self.limit.after).map(|limit| {
            Timer::new(
                &*self.limit.clock,
                limit,
                TimeoutError::new(TimeoutKind::Attempt, limit),
            )
        });
        AttemptTimeoutFuture {
            attempt: Oneshot::new(self.inner.clone(), request),
            timer,
        }
    }
}

pin_project! {
    /// The future of [`AttemptTimeout`].
    #[derive(Debug)]
    pub struct AttemptTimeoutFuture<S, B>
    where
        S: Service<Request<B>>,
    {
        #[pin]
        attempt: Oneshot<S, Request<B>>,
        timer: Option<Timer>,
    }
}

impl<S, B> Future for AttemptTimeoutFuture<S, B>
where
    S: Service<Request<B>>,
    S::Error: Into<BoxError>,
{
    type Output = Result<S::Response, BoxError>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        if let Poll::Ready(error) = timer::poll_fired(this.timer, context) {
            return Poll::Ready(Err(error.into()));
        }
        this.attempt.poll(context).map_err(Into::into)
    }
}

#[cfg(test)]
mod tests {
    use http::Response;
    use tokio::time::Instant;
    use tower::ServiceExt;
    use tower_test::mock;

    use super::*;

    const LIMIT: Duration = Duration::from_secs(30);

    fn request(options: CallOptions) -> Request<()> {
        let mut request = Request::new(());
        request.extensions_mut().insert(options);
        request
    }

    /// Sends a request that is never answered, or never even accepted, and returns when and with what it failed.
    async fn without_answer(layer: AttemptTimeoutLayer, options: CallOptions, taken: u64) -> (Duration, TimeoutError) {
        let (service, mut handle) = mock::pair::<Request<()>, Response<()>>();
        handle.allow(taken);
        let start = Instant::now();
        let error = layer.layer(service).oneshot(request(options)).await.unwrap_err();
        (start.elapsed(), *error.downcast().unwrap())
    }

    #[tokio::test(start_paused = true)]
    async fn an_attempt_without_an_answer_fails_after_its_limit() {
        let (after, error) = without_answer(AttemptTimeoutLayer::new(LIMIT), CallOptions::new(), 1).await;
        assert_eq!(after, LIMIT);
        assert_eq!(error, TimeoutError::new(TimeoutKind::Attempt, LIMIT));
        assert_eq!(error.to_string(), "no response within the attempt timeout of 30s");
    }

    #[tokio::test(start_paused = true)]
    async fn waiting_for_the_inner_service_counts() {
        let (after, error) = without_answer(AttemptTimeoutLayer::new(LIMIT), CallOptions::new(), 0).await;
        assert_eq!((after, error.kind()), (LIMIT, TimeoutKind::Attempt));
    }

    #[tokio::test(start_paused = true)]
    async fn a_call_has_its_own_limit_even_where_the_stack_has_none() {
        for layer in [AttemptTimeoutLayer::new(LIMIT), AttemptTimeoutLayer::new(None)] {
            let own = Duration::from_secs(2);
            let (after, error) = without_answer(layer, CallOptions::new().attempt_timeout(own), 1).await;
            assert_eq!((after, error.limit()), (own, own));
        }
    }

    #[tokio::test(start_paused = true)]
    async fn an_answer_in_time_passes_and_a_call_can_switch_the_limit_off() {
        for (options, answer_after) in [
            (CallOptions::new(), LIMIT / 2),
            (CallOptions::new().attempt_timeout(None), LIMIT * 100),
        ] {
            let (service, mut handle) = mock::pair::<Request<()>, Response<&str>>();
            let call = tokio::spawn(AttemptTimeoutLayer::new(LIMIT).layer(service).oneshot(request(options)));
            let (_, answer) = handle.next_request().await.unwrap();
            tokio::time::advance(answer_after).await;
            answer.send_response(Response::new("in time"));
            assert_eq!(call.await.unwrap().unwrap().into_body(), "in time");
        }
    }
}
