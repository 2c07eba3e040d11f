use std::task::{Context, Poll};

use bytes::Bytes;
use http::{HeaderMap, Request, Response, StatusCode};
use okta_auth::{BoxFuture, Principal};
use tower::{BoxError, Layer, Service, ServiceExt};

use super::{RateLimitState, RateLimiter, budget::Outcome, concurrency::hold, limiter::Lanes, sample::Sample};
use crate::{Body, Clock, ConnectError, Deadline, causes};

/// Keeps requests within Okta's rate limits, by what the responses tell of them.
///
/// Okta counts requests by the minute in buckets, and each response tells how many are left in its own. The layer keeps
/// that in a [`RateLimiter`], by org, caller and bucket, and holds a request back that would be refused, or paces all of
/// them to a share of the limit: see [`RateLimitMode`](crate::RateLimitMode). Those that wait go in the order they came, a
/// few at a time when a window opens, and one that is dropped gives its place back. With a ceiling it also limits how many
/// run at once. Each response carries a [`RateLimitState`].
///
/// A request whose [`Deadline`] comes before its turn can is not sent but fails at once with a
/// [`RateLimitWaitError`](crate::RateLimitWaitError). Whose the requests are, says the [`Principal`] in the extensions of
/// each, or else the one given here.
///
/// Put it inside the layer that repeats requests, so that each attempt is counted, and outside the one that fetches
/// credentials, so that these are fresh when the wait is over.
///
/// # Cancel safety
///
/// Dropping the future of a request that waits gives its place to the next one. Dropping it later counts the request as
/// used, as it may have arrived. One that is kept but not polled keeps those behind it waiting.
///
/// ```
/// use http::{Request, Response};
/// use okta_transport::{Body, BoxError, RateLimitMode, RateLimitShare, RateLimitState, RateLimiter, RateLimiterLayer};
/// use tower::{ServiceBuilder, ServiceExt};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), BoxError> {
/// let limiter = RateLimiter::new(RateLimitMode::Pace(RateLimitShare::ALL));
/// let service = ServiceBuilder::new()
///     .layer(RateLimiterLayer::new(limiter))
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
/// assert_eq!(state.rate_limit.map(|told| told.remaining), Some(599));
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct RateLimiterLayer {
    limiter: RateLimiter,
    principal: Option<Principal>,
}

impl RateLimiterLayer {
    /// Learns into `limiter`, and waits for it.
    #[must_use]
    pub const fn new(limiter: RateLimiter) -> Self {
        Self {
            limiter,
            principal: None,
        }
    }

    /// Whose the requests are that do not say it themselves: the
    /// [`principal`](okta_auth::Authenticator::principal) of the authenticator that signs them.
    #[must_use]
    pub fn principal(mut self, principal: Principal) -> Self {
        self.principal = Some(principal);
        self
    }
}

impl<S> Layer<S> for RateLimiterLayer {
    type Service = RateLimiterService<S>;

    fn layer(&self, inner: S) -> RateLimiterService<S> {
        RateLimiterService {
            inner,
            layer: self.clone(),
        }
    }
}

/// The service of [`RateLimiterLayer`].
#[derive(Clone, Debug)]
pub struct RateLimiterService<S> {
    inner: S,
    layer: RateLimiterLayer,
}

impl<S, B, C> Service<Request<B>> for RateLimiterService<S>
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
        let inner = self.inner.clone();
        let RateLimiterLayer { limiter, principal } = &self.layer;
        let Lanes { bucket, ceiling } = limiter.lanes(
            request.method(),
            request.uri(),
            request.extensions(),
            principal.as_ref(),
        );
        let clock = limiter.clock().clone();
        Box::pin(async move {
            let begun = clock.now();
            // The ceiling last: whoever waits for a window must not keep others from going.
            let mut admission = match bucket {
                Some(bucket) => Some(bucket.enter(Deadline::of(request.extensions())).await?),
                None => None,
            };
            let permit = match ceiling {
                Some(ceiling) => Some(ceiling.acquire_owned().await?),
                None => None,
            };
            let waited = clock.now().saturating_duration_since(begun);
            if let Some(admission) = &mut admission {
                admission.sent();
            }
            let result = inner.oneshot(request).await.map_err(Into::into);
            let outcome = match &result {
                Ok(response) => answered(response.status(), response.headers(), &*clock),
                Err(error) if causes::find::<ConnectError>(&**error).is_some() => Outcome::Unsent,
                Err(_) => Outcome::Lost,
            };
            let state = admission.map(|admission| {
                let bucket = admission.end(outcome);
                RateLimitState {
                    bucket: bucket.name().clone(),
                    rate_limit: bucket.told(),
                    waited,
                }
            });
            let mut response = result?.map(Body::new);
            if let Some(state) = state {
                response.extensions_mut().insert(state);
            }
            Ok(match permit {
                // What was refused does not run. Whoever sends it again may hold on to this response meanwhile.
                Some(permit) if response.status() != StatusCode::TOO_MANY_REQUESTS => {
                    response.map(|body| hold(body, permit))
                }
                _ => response,
            })
        })
    }
}

fn answered(status: StatusCode, headers: &HeaderMap, clock: &dyn Clock) -> Outcome {
    let sample = Sample::of(headers, clock);
    match sample {
        sample if status == StatusCode::TOO_MANY_REQUESTS => {
            tracing::debug!(?sample, "refused by the rate limit");
            Outcome::Refused(sample)
        }
        Some(sample) => Outcome::Told(sample),
        // A gateway that does not reach the API knows nothing of its limits.
        None if status.is_server_error() => Outcome::Lost,
        None => Outcome::Untold,
    }
}
