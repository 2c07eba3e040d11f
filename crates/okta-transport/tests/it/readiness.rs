//! No layer calls an inner service that has not said it is ready.

use std::{
    future::{Ready, ready},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    task::{Context, Poll},
    time::Duration,
};

use http::{HeaderMap, Request, Response, StatusCode};
use okta_auth::{
    Attempt, AuthError, Authenticator, Credentials, OrgOrigin, Principal, ReviewOutcome, SharedAuthenticator,
};
use okta_config::OrgUrl;
use okta_transport::{
    Body, BoxError, HttpService,
    auth::AuthLayer,
    cache::CacheLayer,
    header::DefaultHeadersLayer,
    rate_limit::{RateLimitLayer, RateLimitMode, RateLimitShare, RateLimiter},
    retry::{RetryDecision, RetryLayer, RetryOutcome, RetryPolicy, RetryState},
    timeout::{AttemptTimeoutLayer, BodyIdleTimeoutLayer, TotalTimeoutLayer},
    trace::{AttemptLogLayer, OperationSpanLayer},
};
use tower::{Layer, Service, ServiceExt};

use crate::{USERS, cache::MapStore, get, replay_refused};

/// Is ready at the second time of asking and then for one call. A clone has to be polled again, as those of tower's own
/// limits have to.
#[derive(Debug, Default)]
struct Probe {
    asked: u8,
    calls: Arc<AtomicU64>,
}

impl Clone for Probe {
    fn clone(&self) -> Self {
        Self {
            asked: 0,
            calls: Arc::clone(&self.calls),
        }
    }
}

impl Service<Request<Body>> for Probe {
    type Response = Response<Body>;
    type Error = BoxError;
    type Future = Ready<Result<Response<Body>, BoxError>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.asked += 1;
        if self.asked < 2 {
            context.waker().wake_by_ref();
            return Poll::Pending;
        }
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _request: Request<Body>) -> Self::Future {
        assert!(self.asked >= 2, "called without being ready");
        self.asked = 0;
        // Every other call is refused, so that an authenticator may ask for another one.
        let refused = self.calls.fetch_add(1, Ordering::Relaxed).is_multiple_of(2);
        let status = if refused {
            StatusCode::UNAUTHORIZED
        } else {
            StatusCode::OK
        };
        let mut response = Response::new(Body::empty());
        *response.status_mut() = status;
        ready(Ok(response))
    }
}

#[derive(Debug)]
struct AlwaysRenewing(Principal);

impl Authenticator for AlwaysRenewing {
    async fn credentials(&self, _: Attempt<'_>) -> Result<Credentials, AuthError> {
        Ok(Credentials::none())
    }

    async fn review(&self, _: &Credentials, status: StatusCode, _: &HeaderMap) -> ReviewOutcome {
        replay_refused(status)
    }

    fn principal(&self) -> &Principal {
        &self.0
    }
}

fn authenticator() -> SharedAuthenticator {
    AlwaysRenewing(Principal::new("test", "readiness")).into()
}

fn org() -> OrgUrl {
    OrgUrl::parse("https://acme.okta.com").unwrap()
}

/// Calls the service twice and a clone of it once; every call must arrive as often as the layer sends it.
async fn check<S>(mut service: S, probe: &Probe, arrivals: u64)
where
    S: Service<Request<Body>, Response = Response<Body>, Error: std::fmt::Debug> + Clone,
{
    for _ in 0..2 {
        service.ready().await.unwrap().call(get(USERS)).await.unwrap();
    }
    service.clone().oneshot(get(USERS)).await.unwrap();
    assert_eq!(probe.calls.load(Ordering::Relaxed), 3 * arrivals);
}

async fn check_layer<L>(layer: L, arrivals: u64)
where
    L: Layer<Probe>,
    L::Service: Service<Request<Body>, Response = Response<Body>, Error: std::fmt::Debug> + Clone,
{
    let probe = Probe::default();
    check(layer.layer(probe.clone()), &probe, arrivals).await;
}

#[tokio::test]
async fn default_headers() {
    check_layer(DefaultHeadersLayer::new(), 1).await;
}

#[tokio::test]
async fn deadline() {
    check_layer(TotalTimeoutLayer::new(Duration::from_secs(300)), 1).await;
    check_layer(TotalTimeoutLayer::new(None), 1).await;
}

#[tokio::test]
async fn attempt_timeout() {
    check_layer(AttemptTimeoutLayer::new(Duration::from_secs(30)), 1).await;
    check_layer(AttemptTimeoutLayer::new(None), 1).await;
}

#[tokio::test]
async fn body_idle_timeout() {
    check_layer(BodyIdleTimeoutLayer::new(Duration::from_secs(30)), 1).await;
    check_layer(BodyIdleTimeoutLayer::new(None), 1).await;
}

#[cfg(feature = "gzip")]
#[tokio::test]
async fn decompression() {
    check_layer(okta_transport::body::DecompressionLayer::new(), 1).await;
}

#[tokio::test]
async fn operation_span_and_attempt_log() {
    check_layer(OperationSpanLayer::new(), 1).await;
    check_layer(AttemptLogLayer::new(), 1).await;
    let (_capture, _guard) = crate::capture::listen(tracing::level_filters::LevelFilter::TRACE);
    check_layer(OperationSpanLayer::new(), 1).await;
    check_layer(AttemptLogLayer::new(), 1).await;
}

#[cfg(feature = "cassette")]
#[tokio::test]
async fn record() {
    let directory = tempfile::tempdir().unwrap();
    let recorder = okta_transport::cassette::Recorder::create(directory.path().join("cassette.json")).unwrap();
    check_layer(recorder.layer(), 1).await;
    assert_eq!(recorder.finish().unwrap().exchanges, 3);
}

#[tokio::test]
async fn rate_limiter() {
    for mode in [
        RateLimitMode::Off,
        RateLimitMode::Observe,
        RateLimitMode::Pace(RateLimitShare::ALL),
    ] {
        let limiter = RateLimiter::builder().mode(mode).concurrency_limit(1).build();
        check_layer(RateLimitLayer::new(limiter), 1).await;
    }
}

#[tokio::test]
async fn auth_and_its_second_attempt() {
    check_layer(AuthLayer::new(authenticator(), OrgOrigin::new(&org())), 2).await;
}

/// Wants a refused attempt to be sent again at once.
#[derive(Debug)]
struct RetryUnauthorized;

impl RetryPolicy for RetryUnauthorized {
    fn decide(&self, _: &RetryState<'_>, outcome: RetryOutcome<'_>) -> RetryDecision {
        match outcome.status() {
            Some(StatusCode::UNAUTHORIZED) => RetryDecision::Retry(Duration::ZERO),
            _ => RetryDecision::GiveUp,
        }
    }
}

#[tokio::test(start_paused = true)]
async fn retry_and_its_second_attempt() {
    check_layer(RetryLayer::new().policy(RetryUnauthorized), 2).await;
    check_layer(RetryLayer::new().policy(RetryUnauthorized).max_retries(0), 1).await;
}

#[tokio::test]
async fn cache() {
    let store = Arc::new(MapStore::default());
    let layer = CacheLayer::new(store, Principal::new("test", "readiness"));
    // So that none of the calls is answered by what was kept of another.
    check_layer(layer.time_to_live(Duration::ZERO), 1).await;
}

#[tokio::test]
async fn the_erased_service() {
    let probe = Probe::default();
    check(HttpService::new(probe.clone()), &probe, 1).await;
}

#[tokio::test]
async fn the_whole_stack() {
    let probe = Probe::default();
    let service = HttpService::builder(&org())
        .authenticator(authenticator())
        .total_timeout(Duration::from_secs(300))
        .attempt_timeout(Duration::from_secs(30))
        .service(probe.clone())
        .build()
        .unwrap();
    check(service.clone(), &probe, 2).await;
    service.send(get(USERS)).await.unwrap();
    assert_eq!(probe.calls.load(Ordering::Relaxed), 8);
}
