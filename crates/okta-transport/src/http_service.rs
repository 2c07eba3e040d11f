use std::task::{Context, Poll};

use bytes::Bytes;
use http::{Request, Response};
use tower::{BoxError, Layer, Service, ServiceExt, util::BoxCloneSyncService};

use crate::Body;

type Inner = BoxCloneSyncService<Request<Body>, Response<Body>, BoxError>;

/// Anything that answers HTTP requests, behind one type: the seam of every stack.
///
/// Whatever lies below (our layers, yours, tower-http's, hyper, a test double), an `HttpService` is `Clone + Send +
/// Sync`, takes a request with any body and fails with a [`BoxError`]. A layer put on it with [`layer`](Self::layer)
/// gives an `HttpService` again, so stacks can be built in loops and conditions and kept in fields. Each erased layer
/// costs one allocation a request.
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
#[derive(Clone, Debug)]
pub struct HttpService(Inner);

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
        Self(Inner::new(
            service
                .map_response(|response: Response<B>| response.map(Body::new))
                .map_err(Into::into),
        ))
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
    /// Whatever a layer or the bottom fails with. A response with an error status is a response, not an error.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future abandons the request. Whether Okta has carried it out by then is unknown.
    pub async fn send<B: Into<Body>>(&self, request: Request<B>) -> Result<Response<Body>, BoxError> {
        self.0.clone().oneshot(request.map(Into::into)).await
    }
}

impl<B> Service<Request<B>> for HttpService
where
    B: http_body::Body<Data = Bytes> + Send + 'static,
    B::Error: Into<BoxError>,
{
    type Response = Response<Body>;
    type Error = BoxError;
    type Future = <Inner as Service<Request<Body>>>::Future;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.0.poll_ready(context)
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        self.0.call(request.map(Body::new))
    }
}
