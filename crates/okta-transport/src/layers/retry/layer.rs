use std::{
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use http::{Request, Response};
use okta_auth::{BoxFuture, Clock};
use tower::{BoxError, Layer, Service};

use super::{attempt_loop::Call, budget::RetryBudget, default_policy::DefaultRetryPolicy, policy::RetryPolicy};
use crate::{measures::metrics::Metrics, service::body::Body, time::clock::TokioClock};

/// As many as most of Okta's other SDKs.
const MAX_RETRIES: u32 = 2;
/// As long as a server that is busy with others is asked again: two windows of a rate limit.
const BUSY_PATIENCE: Duration = Duration::from_secs(120);

/// Retries requests: after a 429, and after failures for which a retry cannot execute the request twice or is known to be
/// harmless.
///
/// - A [`RetryPolicy`] decides; unless you give it another one that is [`DefaultRetryPolicy`].
/// - Independently of the policy, a call is retried at most [`max_retries`](Self::max_retries) times, waits at most
///   [`max_backoff`](Self::max_backoff) at a time, and draws on a [`RetryBudget`] that all calls share. A wait that could
///   not end before the call's [`Deadline`](crate::timeout::Deadline) is not begun.
/// - A server that refuses a request because it is busy with others
///   ([`RetryDecision::RetryBusy`](crate::retry::RetryDecision)) is asked again for two minutes
///   ([`busy_patience`](Self::busy_patience)), and that does not count as a retry.
/// - The outcome of the last attempt is the outcome of the call: the response with its body, or the error, as source of a
///   [`RetryError`](crate::retry::RetryError). Both carry the [`Attempts`](crate::retry::Attempts).
/// - Every attempt has the method, headers, extensions and body of the first, and `X-Okta-Retry-For` and
///   `X-Okta-Retry-Count` besides. A body that is a stream is sent once ([`Body::try_clone`]).
/// - Before a delay the response that led to it is read or dropped, so that neither its connection nor a permit
///   of the rate limiter is held meanwhile.
/// - A call that is dropped ends there, also in the middle of a wait: nothing continues in the background, and a
///   retry that was not sent is returned to the budget.
/// - A single call can have other [`CallOptions`](crate::CallOptions): [`max_retries`](crate::CallOptions::max_retries)
///   and [`idempotency`](crate::CallOptions::idempotency).
///
/// Put it inside of deadline and cache, so that the first covers all attempts and the second saves them; and outside of
/// rate limits, credentials and the attempt timeout, so that each attempt takes its own turn, has fresh credentials
/// (which may expire during a wait) and its full time.
///
/// ```
/// use std::{sync::Arc, sync::atomic::{AtomicU32, Ordering}, time::Duration};
/// use http::{Request, Response, StatusCode};
/// use okta_transport::{Body, BoxError, retry::{Attempts, DefaultRetryPolicy, RetryLayer}};
/// use tower::{ServiceBuilder, ServiceExt};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), BoxError> {
/// let attempts = Arc::new(AtomicU32::new(0));
/// let service = ServiceBuilder::new()
///     .layer(
///         RetryLayer::new()
///             .max_retries(4)
///             .max_backoff(Duration::from_secs(65))
///             .policy(DefaultRetryPolicy::new().backoff(Duration::from_millis(1), Duration::from_secs(20))),
///     )
///     .service_fn(move |_: Request<Body>| {
///         let status = match attempts.fetch_add(1, Ordering::Relaxed) {
///             0 => StatusCode::SERVICE_UNAVAILABLE,
///             _ => StatusCode::OK,
///         };
///         async move { Ok::<_, BoxError>(Response::builder().status(status).body(Body::from("[]"))?) }
///     });
///
/// let response = service.oneshot(Request::get("https://acme.okta.com/api/v1/users").body(Body::empty())?).await?;
/// assert_eq!(response.status(), StatusCode::OK);
/// assert_eq!(Attempts::of(response.extensions()).map(Attempts::count), Some(2));
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct RetryLayer {
    pub(super) policy: Arc<dyn RetryPolicy>,
    pub(super) budget: Option<RetryBudget>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) max_retries: u32,
    pub(super) max_backoff: Option<Duration>,
    pub(super) busy_patience: Duration,
    pub(super) repeats_idempotent_writes: bool,
    pub(super) metrics: Option<Metrics>,
}

impl RetryLayer {
    /// Two retries, delays as long as Okta asks for, the default policy and a separate default budget.
    #[must_use]
    pub fn new() -> Self {
        Self {
            policy: Arc::new(DefaultRetryPolicy::new()),
            budget: Some(RetryBudget::default()),
            clock: Arc::new(TokioClock),
            max_retries: MAX_RETRIES,
            max_backoff: None,
            busy_patience: BUSY_PATIENCE,
            repeats_idempotent_writes: true,
            metrics: None,
        }
    }

    /// Lets this policy decide.
    #[must_use]
    pub fn policy(mut self, policy: impl RetryPolicy) -> Self {
        self.policy = Arc::new(policy);
        self
    }

    /// How often a call is sent again at most; 0 is never. A single call can have [its own
    /// number](crate::CallOptions::max_retries).
    #[must_use]
    pub fn max_retries(mut self, retries: u32) -> Self {
        self.max_retries = retries;
        self
    }

    /// The longest wait before one retry, even where the policy or Okta asks for more. `None`, the default, and zero
    /// mean: as long as they ask.
    #[must_use]
    pub fn max_backoff(mut self, limit: impl Into<Option<Duration>>) -> Self {
        self.max_backoff = limit.into().filter(|limit| !limit.is_zero());
        self
    }

    /// Sets how long a request is sent again that the server refuses because it is busy with others: 423, and 429 of the
    /// concurrency limit. Such retries do not count against [`max_retries`](Self::max_retries), unless that is 0; those
    /// after this time do. `None` and zero mean: each counts. The default is two minutes.
    #[must_use]
    pub fn busy_patience(mut self, patience: impl Into<Option<Duration>>) -> Self {
        self.busy_patience = patience.into().unwrap_or_default();
        self
    }

    /// Sets whether a write that is [idempotent](crate::Idempotency::Idempotent) is sent again when it is unknown if it
    /// was carried out. The default is true. With false only reads are; a request that was refused or not sent is still
    /// sent again in any case. A single call can differ ([`CallOptions::idempotency`](crate::CallOptions::idempotency)).
    #[must_use]
    pub fn repeat_idempotent_writes(mut self, repeats: bool) -> Self {
        self.repeats_idempotent_writes = repeats;
        self
    }

    /// Takes the retries of failed calls out of this budget; `None` removes the limit.
    #[must_use]
    pub fn budget(mut self, budget: impl Into<Option<RetryBudget>>) -> Self {
        self.budget = budget.into();
        self
    }

    /// Records each delay ([`RetryWait`](crate::metrics::Instrument::RetryWait)).
    #[must_use]
    pub fn metrics(mut self, metrics: Metrics) -> Self {
        self.metrics = Some(metrics);
        self
    }

    /// Takes the time from this clock instead of tokio's.
    #[must_use]
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }
}

impl Default for RetryLayer {
    fn default() -> Self {
        Self::new()
    }
}

impl<S> Layer<S> for RetryLayer {
    type Service = Retry<S>;

    fn layer(&self, inner: S) -> Retry<S> {
        Retry {
            inner,
            layer: self.clone(),
        }
    }
}

/// The service of [`RetryLayer`].
#[derive(Clone, Debug)]
pub struct Retry<S> {
    inner: S,
    layer: RetryLayer,
}

impl<S, B> Service<Request<Body>> for Retry<S>
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

    /// Always ready: the inner service is waited for before each attempt, so that no place in it is held between them.
    fn poll_ready(&mut self, _context: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        let call = Call::new(self.layer.clone(), &request);
        Box::pin(call.run(self.inner.clone(), request))
    }
}
