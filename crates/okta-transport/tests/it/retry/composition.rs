//! The layer alone, and among others.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method, Request, Response, StatusCode};
use http_body_util::{BodyExt, Full};
use okta_auth::{Attempt, AuthError, Authenticator, Credentials, OrgOrigin, Principal, ReviewOutcome};
use okta_config::OrgUrl;
use okta_transport::{
    Body, BoxError, HttpService, TimeoutKind,
    auth::AuthLayer,
    retry::{Attempts, RetryLayer},
    timeout::{AttemptTimeoutLayer, TotalTimeoutLayer},
};
use tower::{Layer, ServiceBuilder, ServiceExt};

use super::{LeapingClock, SECOND, Script, layer, request};
use crate::{manual_clock::ManualClock, settle};

#[tokio::test]
async fn alone_over_a_service_with_another_body_and_another_error() {
    let attempts = Arc::new(AtomicU32::new(0));
    let service = ServiceBuilder::new()
        .layer(layer(&LeapingClock::new(), 0.5))
        .service_fn(move |_: Request<Body>| {
            let attempt = attempts.fetch_add(1, Ordering::Relaxed);
            async move {
                match attempt {
                    0 => Err(std::io::Error::from(std::io::ErrorKind::BrokenPipe)),
                    1 => Ok(Response::builder().status(503).body(Full::default()).unwrap()),
                    _ => Ok(Response::new(Full::new(Bytes::from_static(b"[]")))),
                }
            }
        });
    let response: Response<Full<Bytes>> = service.oneshot(request(Method::GET)).await.unwrap();
    assert_eq!(Attempts::of(response.extensions()).unwrap().count(), 3);
    assert_eq!(response.into_body().collect().await.unwrap().to_bytes(), "[]");
}

#[tokio::test]
async fn it_can_be_erased_and_more_layers_put_around_it() {
    let script = Script::default().then(429);
    let service = HttpService::new(script.clone())
        .layer(layer(&LeapingClock::new(), 0.5))
        .layer(tower_http::trace::TraceLayer::new_for_http())
        .layer(tower::limit::ConcurrencyLimitLayer::new(3));
    assert_eq!(
        service.send(request(Method::POST)).await.unwrap().status(),
        StatusCode::OK
    );
    assert_eq!(script.count(), 2);
}

/// Gives `token-1`, `token-2`, …
#[derive(Debug)]
struct Fresh(AtomicU32, Principal);

impl Authenticator for Fresh {
    async fn credentials(&self, _: Attempt<'_>) -> Result<Credentials, AuthError> {
        let number = self.0.fetch_add(1, Ordering::Relaxed) + 1;
        let value = HeaderValue::try_from(format!("token-{number}")).unwrap();
        Ok(Credentials::authorization(value))
    }

    async fn review(&self, _: &Credentials, _: StatusCode, _: &HeaderMap) -> ReviewOutcome {
        ReviewOutcome::Accept
    }

    fn principal(&self) -> &Principal {
        &self.1
    }
}

#[tokio::test]
async fn outside_of_the_credentials_each_attempt_has_fresh_ones() {
    let script = Script::default().then(429).then(503);
    let origin = OrgOrigin::new(&OrgUrl::parse("https://acme.okta.com").unwrap());
    let fresh = Fresh(AtomicU32::new(0), Principal::new("test", "fresh"));
    let service = ServiceBuilder::new()
        .layer(layer(&LeapingClock::new(), 0.5))
        .layer(AuthLayer::new(Arc::new(fresh), origin))
        .service(script.clone());
    service.oneshot(request(Method::GET)).await.unwrap();
    let sent = script.sent.lock().unwrap();
    let tokens = sent.iter().map(|request| &request.headers()["authorization"]);
    assert_eq!(tokens.collect::<Vec<_>>(), ["token-1", "token-2", "token-3"]);
}

#[tokio::test]
async fn outside_of_the_attempt_timeout_and_inside_of_the_deadline() {
    let clock = ManualClock::new();
    let silent = tower::service_fn(|_: Request<Body>| std::future::pending::<Result<Response<Body>, BoxError>>());
    let service = ServiceBuilder::new()
        .layer(TotalTimeoutLayer::new(100 * SECOND).clock(Arc::new(clock.clone())))
        .layer(RetryLayer::new().max_retries(9).clock(Arc::new(clock.clone())))
        .layer(AttemptTimeoutLayer::new(30 * SECOND).clock(Arc::new(clock.clone())))
        .service(silent);
    let call = tokio::spawn(service.oneshot(request(Method::GET)));
    for _ in 0..100 {
        settle().await;
        assert!(!call.is_finished());
        clock.advance(SECOND);
    }
    settle().await;
    let error = call.await.unwrap().unwrap_err();
    let timeout = error.downcast_ref::<okta_transport::TimeoutError>().unwrap();
    assert_eq!((timeout.kind(), timeout.limit()), (TimeoutKind::Total, 100 * SECOND));
}

#[tokio::test]
async fn inside_of_the_deadline_it_does_not_begin_a_wait_that_the_deadline_would_cut() {
    let clock = ManualClock::new();
    let script = Script::default().then((429, [("retry-after", "60")]));
    let service = ServiceBuilder::new()
        .layer(TotalTimeoutLayer::new(Duration::from_secs(60)).clock(Arc::new(clock.clone())))
        .layer(RetryLayer::new().clock(Arc::new(clock)))
        .service(script);
    let response = service.oneshot(request(Method::GET)).await.unwrap();
    assert_eq!(response.status(), StatusCode::TOO_MANY_REQUESTS);
}

#[test]
fn a_layer_and_its_service_show_what_they_are_set_to() {
    let shown = format!("{:?}", RetryLayer::new().layer(()));
    for part in ["DefaultRetryPolicy", "RetryBudget { left: 50", "max_retries: 2"] {
        assert!(shown.contains(part), "{shown}");
    }
}
