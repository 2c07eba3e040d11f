use std::task::{Context, Poll};

use bytes::Bytes;
use http::{Request, Response};
use tower::{BoxError, Layer, Service};

use super::{
    error::{ReadOnlyError, Subject},
    future::GuardFuture,
    writes::writes,
};
use crate::{request::operation::OperationRef, service::body::Body};

/// A tower layer that refuses every request that may write, before it is sent.
///
/// A known operation says itself whether it only reads ([`Operation::idempotency`](crate::Operation#structfield.idempotency)
/// is `Safe`): some read with `POST`. Of a request of an unknown operation, `GET`, `HEAD` and `OPTIONS` pass, and every
/// other method is refused. [`CallOptions::idempotency`](crate::CallOptions::idempotency) is ignored: it is about
/// repeating a call.
///
/// A refused call fails with a [`ReadOnlyError`]. It does not count as carried out and is not retried. The requests of
/// an authenticator, for a token for example, do not pass through the layers of a stack and are sent.
///
/// Add it with `.layer(…)`; your own layers that send requests of their own belong outside of it. With
/// `.attempt_layer(…)` it guards the same requests, but sees them after the cache and the rate limiter.
///
/// ```
/// use http::{Request, Response};
/// use okta_config::OrgUrl;
/// use okta_transport::{Body, BoxError, HttpService, causes, guard::{ReadOnlyError, ReadOnlyLayer}};
/// use tower::ServiceExt;
///
/// # tokio::runtime::Builder::new_current_thread().enable_time().build()?.block_on(async {
/// let service = HttpService::builder(&OrgUrl::parse("https://acme.okta.com")?)
///     .layer(ReadOnlyLayer::new())
///     .service(tower::service_fn(|_| async { Ok::<_, BoxError>(Response::new(Body::empty())) }))
///     .build()?;
///
/// let read = Request::get("https://acme.okta.com/api/v1/users").body(Body::empty())?;
/// assert_eq!(service.clone().oneshot(read).await?.status(), 200);
///
/// let write = Request::delete("https://acme.okta.com/api/v1/users/00u1").body(Body::empty())?;
/// let error = service.oneshot(write).await.err().ok_or("not refused")?;
/// assert!(causes::find::<ReadOnlyError>(&*error).is_some());
/// # Ok::<(), BoxError>(()) })?;
/// # Ok::<(), BoxError>(())
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct ReadOnlyLayer(());

impl ReadOnlyLayer {
    /// Refuses writes.
    #[must_use]
    pub const fn new() -> Self {
        Self(())
    }
}

impl<S> Layer<S> for ReadOnlyLayer {
    type Service = ReadOnly<S>;

    fn layer(&self, inner: S) -> ReadOnly<S> {
        ReadOnly { inner }
    }
}

/// The service of [`ReadOnlyLayer`].
#[derive(Clone, Debug)]
pub struct ReadOnly<S> {
    inner: S,
}

impl<S, B, C> Service<Request<B>> for ReadOnly<S>
where
    S: Service<Request<B>, Response = Response<C>> + Clone,
    S::Error: Into<BoxError>,
    C: http_body::Body<Data = Bytes> + Send + 'static,
    C::Error: Into<BoxError>,
{
    type Response = Response<Body>;
    type Error = BoxError;
    type Future = GuardFuture<S, B>;

    /// Always ready: what is refused does not wait for the inner service.
    fn poll_ready(&mut self, _context: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        if !writes(&request) {
            return GuardFuture::send(self.inner.clone(), request);
        }
        let error = ReadOnlyError::new(Subject {
            operation: OperationRef::of(request.extensions()),
            method: request.method().clone(),
        });
        GuardFuture::withhold(Err(error.into()))
    }
}

#[cfg(test)]
mod tests {
    use http::Method;
    use tower::ServiceExt;
    use tower_test::mock;

    use super::*;
    use crate::{CallOptions, Idempotency};

    #[tokio::test]
    async fn a_write_is_refused_although_the_inner_service_is_not_ready() {
        let (service, mut handle) = mock::pair::<Request<Body>, Response<Body>>();
        handle.allow(0);
        let mut request = Request::post("/api/v1/users").body(Body::from("{}")).unwrap();
        request
            .extensions_mut()
            .insert(CallOptions::new().idempotency(Idempotency::Safe));
        let error = ReadOnlyLayer::new().layer(service).oneshot(request).await.unwrap_err();
        let error = error.downcast_ref::<ReadOnlyError>().unwrap();
        assert_eq!((error.method(), error.operation().is_none()), (&Method::POST, true));
        assert!(handle.next_request().await.is_none(), "sent");
    }

    #[tokio::test]
    async fn a_read_passes_unchanged() {
        let (service, mut handle) = mock::pair::<Request<Body>, Response<Body>>();
        let request = Request::get("/api/v1/users").header("x-a", "1").body(Body::empty());
        let call = tokio::spawn(ReadOnlyLayer::new().layer(service).oneshot(request.unwrap()));
        let (request, answer) = handle.next_request().await.unwrap();
        assert_eq!(request.headers()["x-a"], "1");
        answer.send_response(Response::new(Body::from("[]")));
        assert_eq!(call.await.unwrap().unwrap().into_body().as_bytes().unwrap(), "[]");
    }
}
