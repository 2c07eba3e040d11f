use std::{
    sync::Arc,
    task::{Context, Poll},
};

use http::{HeaderMap, Request, Response};
use http_body_util::BodyExt;
use okta_auth::{Attempt, AuthError, Authenticator, BoxFuture, Credentials, OrgOrigin, Verdict};
use tower::{BoxError, Layer, Service, ServiceExt};

use crate::{Body, OperationAuthorization, OperationRef};

/// Gives each attempt its credentials, and sends none of them anywhere but to the org.
///
/// - An address outside the [`OrgOrigin`] is an error before credentials are asked for, and nothing is sent.
/// - The [`Authenticator`] is asked anew for each attempt and told of each response. If it answers
///   [`Verdict::Replay`], the request is sent once more with new credentials (once only, and only if its body is whole
///   in memory); a layer outside sees the second response alone.
/// - A request that has a header already which the credentials would set is refused: to overwrite it would lose what
///   somebody has put there on purpose, and to keep it would call as somebody else than the client says.
/// - An operation that takes no credentials ([`OperationAuthorization::None`]) gets none.
///
/// Put it inside everything that sends a request more than once, so that each attempt has fresh credentials, and inside
/// everything that logs or changes a request, so that it sees what is really sent and nobody else sees the credentials.
#[derive(Clone, Debug)]
pub struct AuthLayer {
    authenticator: Arc<dyn Authenticator>,
    origin: Arc<OrgOrigin>,
}

impl AuthLayer {
    /// Takes credentials from `authenticator` and sends them to `origin`.
    pub fn new(authenticator: Arc<dyn Authenticator>, origin: OrgOrigin) -> Self {
        Self {
            authenticator,
            origin: Arc::new(origin),
        }
    }
}

impl<S> Layer<S> for AuthLayer {
    type Service = Auth<S>;

    fn layer(&self, inner: S) -> Auth<S> {
        Auth {
            inner,
            layer: self.clone(),
        }
    }
}

/// The service of [`AuthLayer`].
#[derive(Clone, Debug)]
pub struct Auth<S> {
    inner: S,
    layer: AuthLayer,
}

impl<S, B> Service<Request<Body>> for Auth<S>
where
    S: Service<Request<Body>, Response = Response<B>> + Clone + Send + 'static,
    S::Error: Into<BoxError>,
    S::Future: Send + 'static,
    B: http_body::Body + Send + 'static,
    B::Data: Send,
{
    type Response = Response<B>;
    type Error = BoxError;
    type Future = BoxFuture<'static, Result<Response<B>, BoxError>>;

    /// Always ready: the inner service is waited for once the credentials are there, so that no place in it is held
    /// while they are fetched.
    fn poll_ready(&mut self, _context: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        let inner = self.inner.clone();
        let AuthLayer { authenticator, origin } = self.layer.clone();
        Box::pin(async move {
            origin.admits(request.uri())?;
            let operation = OperationRef::of(request.extensions());
            if operation.is_some_and(|operation| operation.authorization == OperationAuthorization::None) {
                return inner.oneshot(request).await.map_err(Into::into);
            }
            let (parts, body) = request.into_parts();
            let again = body.try_clone().map(|body| Request::from_parts(parts.clone(), body));
            let (response, verdict) = attempt(inner.clone(), &*authenticator, Request::from_parts(parts, body)).await?;
            let (Verdict::Replay, Some(request)) = (verdict, again) else {
                return Ok(response);
            };
            tracing::debug!(
                status = response.status().as_u16(),
                "credentials renewed, sending the request once more"
            );
            drain(response.into_body()).await;
            let (response, _) = attempt(inner, &*authenticator, request).await?;
            Ok(response)
        })
    }
}

/// Sends the request once, with credentials of its own, and hears what the authenticator makes of the response.
async fn attempt<S, B>(
    service: S,
    authenticator: &dyn Authenticator,
    mut request: Request<Body>,
) -> Result<(Response<B>, Verdict), BoxError>
where
    S: Service<Request<Body>, Response = Response<B>>,
    S::Error: Into<BoxError>,
{
    let credentials = authenticator
        .credentials(Attempt::new(request.method(), request.uri()))
        .await?;
    add(request.headers_mut(), &credentials)?;
    let response = service.oneshot(request).await.map_err(Into::into)?;
    let verdict = authenticator
        .review(&credentials, response.status(), response.headers())
        .await;
    Ok((response, verdict))
}

fn add(headers: &mut HeaderMap, credentials: &Credentials) -> Result<(), AuthError> {
    if let Some(header) = credentials.headers().keys().find(|name| headers.contains_key(*name)) {
        return Err(AuthError::HeaderTaken { header: header.clone() });
    }
    headers.extend(credentials.headers().clone());
    Ok(())
}

/// Reads a refused response to its end, because only then can its connection be used again. One that is long, or of
/// unknown length, would cost more than a new connection and is dropped.
async fn drain<B: http_body::Body>(body: B) {
    const WORTH_READING: u64 = 64 * 1024;
    if body.size_hint().upper().is_some_and(|length| length <= WORTH_READING) {
        // Whether it ends well does not matter: nobody will see it.
        let _ = body.collect().await;
    }
}
