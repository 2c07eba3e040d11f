use std::{
    sync::Arc,
    task::{Context, Poll},
};

use bytes::Bytes;
use http::{Request, Response};
use okta_auth::{BoxFuture, Principal};
use tower::{BoxError, Layer, Service};

use super::{attempt::Attempt, limiter::RateLimiter};
use crate::{measures::metrics::Metrics, service::body::Body};

/// A tower layer that keeps requests within Okta's rate limits, by what the responses say about them.
///
/// Okta counts requests by the minute in buckets, and each response reports how many are left in its own. The layer
/// stores that in a [`RateLimiter`], by org, caller and bucket, and delays a request that would be refused, or paces
/// all of them to a share of the limit: see [`RateLimitMode`](crate::rate_limit::RateLimitMode). It also learns from refusals how
/// many requests the org carries out at once. Waiting requests go in the order in which they came, a few at a time when
/// a window opens. With a [concurrency limit](crate::rate_limit::RateLimiterBuilder::concurrency_limit) it also limits how many run
/// at once. Each response carries a [`RateLimitState`](crate::rate_limit::RateLimitState).
///
/// A request whose [`Deadline`](crate::timeout::Deadline) comes before its window opens is not sent but fails at once with a
/// [`RateLimitWaitError`](crate::rate_limit::RateLimitWaitError). The caller of a request is the [`Principal`] in its extensions,
/// or else the one given here.
///
/// Put it inside the layer that retries requests, so that each attempt is counted, and outside the one that fetches
/// credentials, so that these are fresh when the delay is over.
///
/// # Unpolled futures
///
/// A future that is polled once and then left does not block other requests. A request that has to wait, or that other
/// requests may have to wait for (when pacing, with a concurrency limit, or with a learned one), runs as a task of the
/// caller's tokio runtime, in the caller's `tracing` span, and ends when its future is dropped or its deadline has
/// passed. Without a tokio runtime it runs in its future; then one that is left unpolled after it was sent keeps its
/// permit.
///
/// # Cancel safety
///
/// Dropping the future of a waiting request leaves the queue. Dropping it later counts the request as lost: it may have
/// arrived.
///
/// ```
/// use http::{Request, Response};
/// use okta_transport::{
///     Body, BoxError,
///     rate_limit::{RateLimitLayer, RateLimitMode, RateLimitShare, RateLimitState, RateLimiter},
/// };
/// use tower::{ServiceBuilder, ServiceExt};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), BoxError> {
/// let limiter = RateLimiter::new(RateLimitMode::Pace(RateLimitShare::ALL));
/// let service = ServiceBuilder::new()
///     .layer(RateLimitLayer::new(limiter))
///     .service_fn(|_: Request<Body>| async {
///         Response::builder()
///             .header("x-rate-limit-limit", 600)
///             .header("x-rate-limit-remaining", 599)
///             .header("x-rate-limit-reset", 1_700_000_060)
///             .header("date", "Tue, 14 Nov 2023 22:13:20 GMT")
///             .body(Body::empty())
///     });
///
/// let response = service.oneshot(Request::get("https://acme.okta.com/api/v1/users").body(Body::empty())?).await?;
/// let state = RateLimitState::of(response.extensions()).ok_or("the limiter is off")?;
/// assert_eq!(state.bucket, "/api/v1/users");
/// assert_eq!(state.rate_limit.map(|rate_limit| rate_limit.remaining), Some(599));
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct RateLimitLayer {
    limiter: RateLimiter,
    principal: Option<Principal>,
    metrics: Option<Metrics>,
}

impl RateLimitLayer {
    /// Learns into `limiter`, and waits for it.
    #[must_use]
    pub const fn new(limiter: RateLimiter) -> Self {
        Self {
            limiter,
            principal: None,
            metrics: None,
        }
    }

    /// Records what responses report about the limits, and how long attempts are held back
    /// ([`RateLimitLimit`](crate::metrics::Instrument::RateLimitLimit),
    /// [`RateLimitRemaining`](crate::metrics::Instrument::RateLimitRemaining),
    /// [`RateLimitWait`](crate::metrics::Instrument::RateLimitWait)).
    #[must_use]
    pub fn metrics(mut self, metrics: Metrics) -> Self {
        self.metrics = Some(metrics);
        self
    }

    /// Whose the requests are that do not say it themselves: the
    /// [`principal`](okta_auth::Authenticator::principal) of the authenticator that signs them.
    #[must_use]
    pub fn principal(mut self, principal: Principal) -> Self {
        self.principal = Some(principal);
        self
    }
}

impl<S> Layer<S> for RateLimitLayer {
    type Service = RateLimitService<S>;

    fn layer(&self, inner: S) -> RateLimitService<S> {
        RateLimitService {
            inner,
            layer: self.clone(),
        }
    }
}

/// The service of [`RateLimitLayer`].
#[derive(Clone, Debug)]
pub struct RateLimitService<S> {
    inner: S,
    layer: RateLimitLayer,
}

impl<S, B, C> Service<Request<B>> for RateLimitService<S>
where
    S: Service<Request<B>, Response = Response<C>> + Clone + Send + 'static,
    S::Error: Into<BoxError>,
    S::Future: Send,
    B: Send + 'static,
    C: http_body::Body<Data = Bytes> + Send + 'static,
    C::Error: Into<BoxError>,
{
    type Response = Response<Body>;
    type Error = BoxError;
    type Future = BoxFuture<'static, Result<Response<Body>, BoxError>>;

    /// Always ready: the inner service is waited for once the request may go, so that no place in it is held before.
    fn poll_ready(&mut self, _context: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        let RateLimitLayer {
            limiter,
            principal,
            metrics,
        } = &self.layer;
        let limits = limiter.limits(
            request.method(),
            request.uri(),
            request.extensions(),
            principal.as_ref(),
        );
        let attempt = Attempt {
            inner: self.inner.clone(),
            request,
            clock: Arc::clone(limiter.clock()),
            metrics: metrics.clone(),
        };
        Box::pin(attempt.run(limits))
    }
}
