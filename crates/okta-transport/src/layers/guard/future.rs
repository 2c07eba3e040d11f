use std::{
    fmt,
    future::Future,
    pin::Pin,
    task::{Context, Poll},
};

use bytes::Bytes;
use http::{Request, Response};
use pin_project_lite::pin_project;
use tower::{BoxError, Service, util::Oneshot};

use crate::service::body::Body;

pin_project! {
    /// The future of [`ReadOnly`](crate::guard::ReadOnly) and [`DryRun`](crate::guard::DryRun).
    pub struct GuardFuture<S, B>
    where
        S: Service<Request<B>>,
    {
        #[pin]
        sent: Option<Oneshot<S, Request<B>>>,
        // The result of a request that is not sent.
        withheld: Option<Result<Response<Body>, BoxError>>,
    }
}

impl<S, B> GuardFuture<S, B>
where
    S: Service<Request<B>>,
{
    pub(super) fn send(service: S, request: Request<B>) -> Self {
        Self {
            sent: Some(Oneshot::new(service, request)),
            withheld: None,
        }
    }

    pub(super) const fn withhold(result: Result<Response<Body>, BoxError>) -> Self {
        Self {
            sent: None,
            withheld: Some(result),
        }
    }
}

impl<S, B, C> Future for GuardFuture<S, B>
where
    S: Service<Request<B>, Response = Response<C>>,
    S::Error: Into<BoxError>,
    C: http_body::Body<Data = Bytes> + Send + 'static,
    C::Error: Into<BoxError>,
{
    type Output = Result<Response<Body>, BoxError>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        if let Some(sent) = this.sent.as_pin_mut() {
            let sent = sent.poll(context).map_err(Into::into);
            return sent.map_ok(|response| response.map(Body::new));
        }
        // A future is not polled again after its result.
        this.withheld.take().map_or(Poll::Pending, Poll::Ready)
    }
}

impl<S, B> fmt::Debug for GuardFuture<S, B>
where
    S: Service<Request<B>>,
{
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GuardFuture")
            .field("is_sent", &self.sent.is_some())
            .finish_non_exhaustive()
    }
}
