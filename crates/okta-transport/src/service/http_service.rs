use std::{
    fmt,
    future::Future,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
};

use bytes::Bytes;
use http::{Request, Response};
use okta_auth::BoxFuture;
use pin_project_lite::pin_project;
use tower::{BoxError, Layer, Service, ServiceExt};

use super::{body::Body, downcast::downcast_owned};

/// Any service that answers HTTP requests, behind one type: every stack is one.
///
/// Independently of the inner services (layers of this crate, yours, tower-http's, hyper, a test double), an
/// `HttpService` is `Clone + Send + Sync`, takes a request with any body and fails with a [`BoxError`]. A layer put on
/// it with [`layer`](Self::layer) gives an `HttpService` again, so stacks can be built in loops and conditions and kept
/// in fields. Each erased layer costs one or two allocations a request; a clone costs none.
///
/// ```
/// use http::{Request, Response};
/// use okta_transport::{Body, BoxError, HttpService};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), BoxError> {
/// let service = HttpService::new(tower::service_fn(|request: Request<Body>| async move {
///     Ok::<_, BoxError>(Response::new(format!("you asked for {}", request.uri().path())))
/// }));
/// let response = service.send(Request::get("https://acme.okta.com/api/v1/users/me").body("")?).await?;
/// assert_eq!(response.into_body().collect().await?, "you asked for /api/v1/users/me");
/// # Ok(())
/// # }
/// ```
pub struct HttpService {
    /// Is only cloned.
    service: Arc<dyn Erased>,
    /// The clone of the service that is asked whether it is ready, and then called; made when it is needed first. Every
    /// call clones all services that lie around this one, so the services inside must not be cloned along.
    instance: Option<Box<dyn Erased>>,
    /// Whether the service waits in its calls only, so that there is no instance to be asked.
    is_always_ready: bool,
}

type Answer = BoxFuture<'static, Result<Response<Body>, BoxError>>;

trait Erased: Send + Sync {
    fn instance(&self) -> Box<dyn Erased>;
    fn send(&self, request: Request<Body>) -> Answer;
    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), BoxError>>;
    fn call(&mut self, request: Request<Body>) -> Answer;
    /// Calls a service that is always ready.
    fn call_ready(&self, request: Request<Body>) -> Answer;
}

impl<S, B> Erased for S
where
    S: Service<Request<Body>, Response = Response<B>> + Clone + Send + Sync + 'static,
    S::Error: Into<BoxError>,
    S::Future: Send + 'static,
    B: http_body::Body<Data = Bytes> + Send + 'static,
    B::Error: Into<BoxError>,
{
    fn instance(&self) -> Box<dyn Erased> {
        Box::new(self.clone())
    }

    fn send(&self, request: Request<Body>) -> Answer {
        erase(self.clone().oneshot(request))
    }

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        Service::poll_ready(self, context).map_err(Into::into)
    }

    fn call(&mut self, request: Request<Body>) -> Answer {
        erase(Service::call(self, request))
    }

    fn call_ready(&self, request: Request<Body>) -> Answer {
        erase(Service::call(&mut self.clone(), request))
    }
}

/// A future that is such a box already, as those of most layers are, is not boxed again.
fn erase<F, B, E>(future: F) -> Answer
where
    F: Future<Output = Result<Response<B>, E>> + Send + 'static,
    B: http_body::Body<Data = Bytes> + Send + 'static,
    B::Error: Into<BoxError>,
    E: Into<BoxError>,
{
    let mut slot = Some(future);
    if let Some(answer) = downcast_owned(&mut slot) {
        return answer;
    }
    Box::pin(Mapped { future: slot })
}

pin_project! {
    /// A future with the body and the error of its output erased. It is not an `async` block, which would hold the inner
    /// future twice.
    struct Mapped<F> {
        // `Some`: what was taken out of the slot was returned.
        #[pin]
        future: Option<F>,
    }
}

impl<F, B, E> Future for Mapped<F>
where
    F: Future<Output = Result<Response<B>, E>>,
    B: http_body::Body<Data = Bytes> + Send + 'static,
    B::Error: Into<BoxError>,
    E: Into<BoxError>,
{
    type Output = Result<Response<Body>, BoxError>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        match self.project().future.as_pin_mut() {
            Some(future) => Poll::Ready(match ready!(future.poll(context)) {
                Ok(response) => Ok(response.map(Body::new)),
                Err(error) => Err(error.into()),
            }),
            None => Poll::Pending,
        }
    }
}

impl HttpService {
    /// Erases the type of `service`.
    pub fn new<S, B>(service: S) -> Self
    where
        S: Service<Request<Body>, Response = Response<B>> + Clone + Send + Sync + 'static,
        S::Error: Into<BoxError>,
        S::Future: Send + 'static,
        B: http_body::Body<Data = Bytes> + Send + 'static,
        B::Error: Into<BoxError>,
    {
        Self {
            service: Arc::new(service),
            instance: None,
            is_always_ready: false,
        }
    }

    /// Says that `poll_ready` of the service returns ready at any time, as that of most layers of this crate does.
    pub(crate) fn always_ready(mut self) -> Self {
        self.is_always_ready = true;
        self
    }

    /// Puts `layer` around this service: it sees a request first and its response last.
    #[must_use]
    pub fn layer<L, B>(self, layer: L) -> Self
    where
        L: Layer<Self>,
        L::Service: Service<Request<Body>, Response = Response<B>> + Clone + Send + Sync + 'static,
        <L::Service as Service<Request<Body>>>::Error: Into<BoxError>,
        <L::Service as Service<Request<Body>>>::Future: Send + 'static,
        B: http_body::Body<Data = Bytes> + Send + 'static,
        B::Error: Into<BoxError>,
    {
        Self::new(layer.layer(self))
    }

    /// Sends one request: waits until the service is ready, then calls it.
    ///
    /// # Errors
    ///
    /// Any error of a layer or of the transport. A response with an error status is a response, not an error.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future abandons the request. Whether Okta has carried it out by then is unknown.
    pub fn send<B: Into<Body>>(&self, request: Request<B>) -> BoxFuture<'static, Result<Response<Body>, BoxError>> {
        self.service.send(request.map(Into::into))
    }
}

impl Clone for HttpService {
    fn clone(&self) -> Self {
        Self {
            service: Arc::clone(&self.service),
            instance: None,
            is_always_ready: self.is_always_ready,
        }
    }
}

impl<B> Service<Request<B>> for HttpService
where
    B: http_body::Body<Data = Bytes> + Send + 'static,
    B::Error: Into<BoxError>,
{
    type Response = Response<Body>;
    type Error = BoxError;
    type Future = BoxFuture<'static, Result<Response<Body>, BoxError>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        if self.is_always_ready {
            return Poll::Ready(Ok(()));
        }
        let instance = self.instance.get_or_insert_with(|| self.service.instance());
        instance.poll_ready(context)
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        if self.is_always_ready {
            return self.service.call_ready(request.map(Body::new));
        }
        let instance = self.instance.get_or_insert_with(|| self.service.instance());
        instance.call(request.map(Body::new))
    }
}

impl fmt::Debug for HttpService {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("HttpService").finish_non_exhaustive()
    }
}
