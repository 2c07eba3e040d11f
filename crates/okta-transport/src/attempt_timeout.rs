use std::{
    future::Future,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use http::Request;
use pin_project_lite::pin_project;
use tower::{BoxError, Layer, Service, util::Oneshot};

use crate::{CallOptions, Clock, TimeoutError, TimeoutKind, TokioClock, timer::Timer};

/// Limits how long one attempt may take until the headers of its response are there.
///
/// It is the limit that finds a server which accepts a request and then says nothing. The limit of a single call comes
/// from its [`CallOptions`]; the body of the response is not covered (see [`DeadlineLayer`](crate::DeadlineLayer)).
/// Waiting for the inner service to become ready counts.
#[derive(Clone, Debug)]
pub struct AttemptTimeoutLayer {
    limit: Option<Duration>,
    clock: Arc<dyn Clock>,
}

impl AttemptTimeoutLayer {
    /// Fails an attempt after `limit`; `None` and zero mean: only if its [`CallOptions`] set a limit.
    pub fn new(limit: impl Into<Option<Duration>>) -> Self {
        Self {
            limit: limit.into(),
            clock: Arc::new(TokioClock),
        }
    }

    /// Takes the time from this clock instead of tokio's.
    #[must_use]
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }
}

impl<S> Layer<S> for AttemptTimeoutLayer {
    type Service = AttemptTimeout<S>;

    fn layer(&self, inner: S) -> AttemptTimeout<S> {
        AttemptTimeout {
            inner,
            layer: self.clone(),
        }
    }
}

/// The service of [`AttemptTimeoutLayer`].
#[derive(Clone, Debug)]
pub struct AttemptTimeout<S> {
    inner: S,
    layer: AttemptTimeoutLayer,
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
        let timer = CallOptions::attempt_timeout_of(request.extensions(), self.layer.limit).map(|limit| {
            Timer::new(
                &*self.layer.clock,
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
        // The timer first: an attempt that is never idle must not keep it from being looked at.
        if let Some(timer) = this.timer
            && let Poll::Ready(error) = Pin::new(timer).poll(context)
        {
            return Poll::Ready(Err(error.into()));
        }
        this.attempt.poll(context).map_err(Into::into)
    }
}
