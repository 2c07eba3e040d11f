//! A server that is busy with others is asked again for a time, not for a number.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst},
    },
    time::Duration,
};

use futures_util::future::join_all;
use http::{Method, Request, Response, StatusCode};
use okta_transport::{
    Body, BoxError, CallOptions,
    retry::{Attempts, StopReason},
};
use tower::{Layer, ServiceExt};

use super::{LeapingClock, SECOND, Script, layer, request};
use crate::{USERS, stack};

fn locked(times: usize) -> Script {
    (0..times).fold(Script::default(), |script, _| script.then(423))
}

#[tokio::test]
async fn refusals_of_a_busy_server_do_not_count_as_retries() {
    let script = locked(20).then(503).then(503).then(423);
    let service = layer(&LeapingClock::new(), 0.5).layer(script.clone());
    let response = service.oneshot(request(Method::GET)).await.unwrap();
    let attempts = Attempts::of(response.extensions()).unwrap();
    assert_eq!((response.status(), script.count()), (StatusCode::OK, 24), "{attempts}");
}

#[tokio::test]
async fn patience_ends_after_two_minutes_and_then_they_count() {
    let (clock, script) = (LeapingClock::new(), locked(1000));
    let service = layer(&clock, 1.0).layer(script.clone());
    let response = service.oneshot(request(Method::POST)).await.unwrap();
    let attempts = Attempts::of(response.extensions()).unwrap();
    assert_eq!(response.status(), StatusCode::LOCKED);
    assert_eq!(attempts.stopped(), StopReason::MaxRetries);
    let waited: Duration = clock.waits().iter().sum();
    assert!(waited > 120 * SECOND && waited <= 131 * SECOND, "{waited:?}");
}

#[tokio::test]
async fn patience_can_be_set_and_switched_off() {
    for (patience, most) in [(10 * SECOND, 20 * SECOND), (Duration::ZERO, 2 * SECOND)] {
        let (clock, script) = (LeapingClock::new(), locked(1000));
        let service = layer(&clock, 1.0).busy_patience(patience).layer(script.clone());
        service.oneshot(request(Method::POST)).await.unwrap();
        let waited: Duration = clock.waits().iter().sum();
        assert!(waited <= most, "{waited:?}");
    }
}

#[tokio::test]
async fn without_retries_there_are_none_and_a_stream_is_sent_once() {
    let script = locked(1);
    let service = layer(&LeapingClock::new(), 0.5).max_retries(0).layer(script.clone());
    let response = service.oneshot(request(Method::POST)).await.unwrap();
    assert_eq!((response.status().as_u16(), script.count()), (423, 1));

    let script = locked(1);
    let mut once = request(Method::POST);
    once.extensions_mut().insert(CallOptions::new().max_retries(0));
    let service = layer(&LeapingClock::new(), 0.5).layer(script.clone());
    service.oneshot(once).await.unwrap();
    assert_eq!(script.count(), 1);
}

/// Lets one write in at a time, and answers each other one with 423 at once.
#[derive(Clone, Default)]
struct Reconciling {
    busy: Arc<AtomicBool>,
    done: Arc<AtomicUsize>,
    refused: Arc<AtomicUsize>,
}

impl Reconciling {
    async fn answer(self) -> Result<Response<Body>, BoxError> {
        if self.busy.swap(true, SeqCst) {
            self.refused.fetch_add(1, SeqCst);
            let locked = r#"{"errorCode":"E0000239","errorSummary":"Policy priorities are being reconciled."}"#;
            return Ok(Response::builder().status(423).body(Body::from(locked))?);
        }
        tokio_sleep(Duration::from_millis(150)).await;
        self.busy.store(false, SeqCst);
        self.done.fetch_add(1, SeqCst);
        Ok(Response::new(Body::from("{}")))
    }
}

async fn tokio_sleep(duration: Duration) {
    okta_auth::Clock::sleep(&okta_transport::TokioClock, duration).await;
}

#[tokio::test(start_paused = true)]
async fn a_hundred_rules_written_in_parallel_all_succeed_with_default_settings() {
    let server = Reconciling::default();
    let answering = server.clone();
    let service = stack()
        .service(tower::service_fn(move |_: Request<Body>| answering.clone().answer()))
        .build()
        .unwrap();
    let writes = (0..100).map(|_| {
        let service = service.clone();
        tokio::spawn(async move { service.send(Request::post(USERS).body(Body::from("{}")).unwrap()).await })
    });
    for written in join_all(writes).await {
        let response = written.unwrap().unwrap();
        let attempts = Attempts::of(response.extensions()).unwrap();
        assert_eq!(response.status(), StatusCode::OK, "{attempts}");
    }
    assert_eq!(server.done.load(SeqCst), 100);
    assert!(server.refused.load(SeqCst) > 0);
}

/// Lets 15 requests in at a time, and refuses each other one as Okta's concurrency limit does.
#[tokio::test(start_paused = true)]
async fn b3_sixty_calls_at_once_succeed_on_an_org_that_lets_in_fifteen() {
    let running = Arc::new(AtomicUsize::new(0));
    let server = move |_: Request<Body>| {
        let running = Arc::clone(&running);
        async move {
            if running.fetch_add(1, SeqCst) >= 15 {
                running.fetch_sub(1, SeqCst);
                return Response::builder()
                    .status(429)
                    .header("date", super::START_DATE)
                    .header("x-rate-limit-limit", 0)
                    .header("x-rate-limit-remaining", 0)
                    .header("x-rate-limit-reset", super::START + 1)
                    .body(Body::empty())
                    .map_err(BoxError::from);
            }
            tokio_sleep(SECOND).await;
            running.fetch_sub(1, SeqCst);
            Ok(Response::new(Body::from("[]")))
        }
    };
    let service = stack().service(tower::service_fn(server)).build().unwrap();
    let calls = (0..60).map(|_| {
        let service = service.clone();
        tokio::spawn(async move { service.send(Request::get(USERS).body(Body::empty()).unwrap()).await })
    });
    for called in join_all(calls).await {
        let response = called.unwrap().unwrap();
        assert_eq!(response.status(), StatusCode::OK);
    }
}
