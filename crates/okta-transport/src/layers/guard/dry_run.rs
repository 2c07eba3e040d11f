use std::{
    fmt,
    sync::Arc,
    task::{Context, Poll},
};

use bytes::Bytes;
use http::{Request, Response};
use tower::{BoxError, Layer, Service};

use super::{error::DryRunError, future::GuardFuture, unsent_request::UnsentRequest, writes::writes};
use crate::service::body::Body;

type Respond = Arc<dyn Fn(&UnsentRequest) -> Option<Response<Body>> + Send + Sync>;

/// A tower layer that sends only requests that read, and reports what else would have been sent.
///
/// Which requests write is decided as by [`ReadOnlyLayer`](crate::guard::ReadOnlyLayer). Such a call fails with a
/// [`DryRunError`], which carries the request. With [`on_write`](Self::on_write) your function sees the request too, and
/// may give the call a response instead, so that a program which makes several writes can continue.
///
/// Add it with `.layer(…)`: a response of your function is then neither cached nor counted by the rate limiter.
///
/// ```
/// use http::{Request, Response};
/// use okta_config::OrgUrl;
/// use okta_transport::{Body, BoxError, HttpService, causes, guard::{DryRunError, DryRunLayer}};
/// use tower::ServiceExt;
///
/// # tokio::runtime::Builder::new_current_thread().enable_time().build()?.block_on(async {
/// let service = HttpService::builder(&OrgUrl::parse("https://acme.okta.com")?)
///     .layer(DryRunLayer::new())
///     .service(tower::service_fn(|_| async { Ok::<_, BoxError>(Response::new(Body::empty())) }))
///     .build()?;
///
/// let write = Request::post("https://acme.okta.com/api/v1/groups").body(Body::from("{}"))?;
/// let error = service.oneshot(write).await.err().ok_or("sent")?;
/// let unsent = causes::find::<DryRunError>(&*error).ok_or("another error")?.request();
/// assert_eq!(unsent.to_string(), "POST https://acme.okta.com/api/v1/groups (2 bytes)");
/// assert_eq!(unsent.body().map(|body| &body[..]), Some(&b"{}"[..]));
/// # Ok::<(), BoxError>(()) })?;
/// # Ok::<(), BoxError>(())
/// ```
#[derive(Clone, Default)]
pub struct DryRunLayer {
    respond: Option<Respond>,
}

impl DryRunLayer {
    /// Sends no writes. Their calls fail.
    #[must_use]
    pub const fn new() -> Self {
        Self { respond: None }
    }

    /// Calls `respond` with each request that is not sent. The call gets the response that it returns, and fails with a
    /// [`DryRunError`] if it returns `None`. It runs within the call, so it must not block.
    ///
    /// ```
    /// use http::{Response, StatusCode};
    /// use okta_transport::{Body, guard::DryRunLayer};
    ///
    /// let layer = DryRunLayer::new().on_write(|request| {
    ///     println!("would send {request}");
    ///     let mut response = Response::new(Body::empty());
    ///     *response.status_mut() = StatusCode::NO_CONTENT;
    ///     request.method().eq("DELETE").then_some(response)
    /// });
    /// ```
    #[must_use]
    pub fn on_write(
        mut self,
        respond: impl Fn(&UnsentRequest) -> Option<Response<Body>> + Send + Sync + 'static,
    ) -> Self {
        self.respond = Some(Arc::new(respond));
        self
    }
}

impl fmt::Debug for DryRunLayer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DryRunLayer")
            .field("on_write", &self.respond.is_some())
            .finish()
    }
}

impl<S> Layer<S> for DryRunLayer {
    type Service = DryRun<S>;

    fn layer(&self, inner: S) -> DryRun<S> {
        DryRun {
            inner,
            layer: self.clone(),
        }
    }
}

/// The service of [`DryRunLayer`].
#[derive(Clone, Debug)]
pub struct DryRun<S> {
    inner: S,
    layer: DryRunLayer,
}

impl<S, C> Service<Request<Body>> for DryRun<S>
where
    S: Service<Request<Body>, Response = Response<C>> + Clone,
    S::Error: Into<BoxError>,
    C: http_body::Body<Data = Bytes> + Send + 'static,
    C::Error: Into<BoxError>,
{
    type Response = Response<Body>;
    type Error = BoxError;
    type Future = GuardFuture<S, Body>;

    /// Always ready: what is not sent does not wait for the inner service.
    fn poll_ready(&mut self, _context: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        if !writes(&request) {
            return GuardFuture::send(self.inner.clone(), request);
        }
        let unsent = UnsentRequest::new(request);
        let response = self.layer.respond.as_ref().and_then(|respond| respond(&unsent));
        GuardFuture::withhold(response.ok_or_else(|| DryRunError::new(unsent).into()))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use http::StatusCode;
    use tower::ServiceExt;
    use tower_test::mock;

    use super::*;
    use crate::layers::retry::failure::{FailureKind, maybe_carried_out};

    const SECRET: &str = "https://acme.okta.com/api/v1/sessions/canary?token=canary&limit=2";

    /// Sends the request through the layer to a service to which nothing may come.
    async fn withheld(layer: DryRunLayer, request: Request<Body>) -> Result<Response<Body>, BoxError> {
        let (service, mut handle) = mock::pair::<Request<Body>, Response<Body>>();
        handle.allow(0);
        let result = layer.layer(service).oneshot(request).await;
        assert!(handle.next_request().await.is_none(), "sent");
        result
    }

    fn post(body: Body) -> Request<Body> {
        Request::post(SECRET).header("x-secret", "canary").body(body).unwrap()
    }

    #[tokio::test]
    async fn the_error_carries_the_request_and_shows_no_secret() {
        let error = withheld(DryRunLayer::new(), post(Body::from("canary")))
            .await
            .unwrap_err();
        assert!(!maybe_carried_out(&*error));
        assert_eq!(FailureKind::of(&*error), FailureKind::Permanent);
        let error = error.downcast::<DryRunError>().unwrap();
        assert_eq!(
            error.to_string(),
            "a POST request of an unknown operation was not sent: DryRunLayer sends no writes"
        );
        let request = error.request();
        assert_eq!(
            request.to_string(),
            "POST https://acme.okta.com/api/v1/sessions/REDACTED?token=REDACTED&limit=2 (6 bytes)"
        );
        assert!(!format!("{error:?}{error}{request:?}{request}").contains("canary"));
        assert_eq!(request.body_length(), Some(6));
        assert_eq!(error.into_request().body().unwrap(), "canary");
    }

    #[tokio::test]
    async fn a_function_sees_the_request_and_may_respond() {
        let seen = Arc::new(Mutex::new(Vec::new()));
        let noted = Arc::clone(&seen);
        let layer = DryRunLayer::new().on_write(move |request| {
            noted.lock().unwrap().push(request.body_length());
            let mut response = Response::new(Body::empty());
            *response.status_mut() = StatusCode::NO_CONTENT;
            (request.body_length() == Some(0)).then_some(response)
        });
        let response = withheld(layer.clone(), post(Body::empty())).await.unwrap();
        assert_eq!(response.status(), StatusCode::NO_CONTENT);
        let frames = futures_util::stream::iter([Ok::<_, BoxError>(http_body::Frame::data(Bytes::from("canary")))]);
        let stream = Body::new(http_body_util::StreamBody::new(frames));
        let error = withheld(layer, post(stream)).await.unwrap_err();
        let request = error.downcast::<DryRunError>().unwrap().into_request();
        assert!(request.body().is_none() && request.to_string().ends_with("(a stream)"));
        assert_eq!(*seen.lock().unwrap(), [Some(0), None]);
    }
}
