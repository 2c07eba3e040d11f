//! Deadlines and custom policies.

use std::{sync::Mutex, time::Duration};

use http::{Method, StatusCode};
use okta_transport::{
    BoxError, Clock, Idempotency, Operation, OperationRef,
    retry::{Attempts, RetryDecision, RetryOutcome, RetryPolicy, RetryState, StopReason},
    timeout::Deadline,
};
use tower::{Layer, ServiceExt};

use super::{LeapingClock, SECOND, Script, layer, request, reset};

/// Sends a GET that has to be finished after this time.
async fn send(
    clock: &LeapingClock,
    script: &Script,
    limit: Duration,
) -> Result<http::Response<okta_transport::Body>, BoxError> {
    let mut request = request(Method::GET);
    request
        .extensions_mut()
        .insert(Deadline::new(clock.now(), limit).unwrap());
    layer(clock, 0.0).layer(script.clone()).oneshot(request).await
}

#[tokio::test]
async fn a_wait_that_would_not_end_before_the_deadline_is_not_begun_and_the_real_response_is_there() {
    let clock = LeapingClock::new();
    let script = Script::default()
        .then((429, [("retry-after", "3")]))
        .then((429, [("retry-after", "8")]));
    let response = send(&clock, &script, 10 * SECOND).await.unwrap();
    assert_eq!(
        clock.waits(),
        [3 * SECOND],
        "the deadline is looked at before a wait, not after it"
    );
    assert_eq!(response.status(), StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(response.headers()["retry-after"], "8");
    let attempts = Attempts::of(response.extensions()).unwrap();
    let (wait, left) = (8 * SECOND, 7 * SECOND);
    assert_eq!(
        (attempts.count(), attempts.stopped()),
        (2, StopReason::Deadline { wait, left })
    );
    assert_eq!(response.into_body().collect().await.unwrap(), "refused");
}

#[tokio::test]
async fn a_wait_up_to_the_very_deadline_is_too_long_and_a_shorter_one_is_not() {
    for (limit, attempts) in [(3 * SECOND, 1), (3 * SECOND + Duration::from_nanos(1), 2)] {
        let script = Script::default().then((429, [("retry-after", "3")]));
        send(&LeapingClock::new(), &script, limit).await.unwrap();
        assert_eq!(script.count(), attempts, "{limit:?}");
    }
}

#[tokio::test]
async fn the_real_error_is_there_and_says_that_there_was_no_time() {
    let clock = LeapingClock::new();
    let error = send(&clock, &Script::default().then(reset()), SECOND / 20)
        .await
        .unwrap_err();
    assert!(clock.waits().is_empty());
    assert!(error.source().unwrap().is::<std::io::Error>());
    assert_eq!(
        error.to_string(),
        "failed after 1 attempt, not repeated because a wait of 100ms would not end before the deadline, which is \
         50ms away"
    );
}

/// Attempts, time passed, idempotency, operation.
type Asked = (u32, Duration, Idempotency, Option<&'static str>);

/// Wants everything repeated, whatever it is, and keeps what it was asked.
#[derive(Debug, Default)]
struct Stubborn {
    asked: Mutex<Vec<Asked>>,
}

impl RetryPolicy for Stubborn {
    fn decide(&self, state: &RetryState<'_>, outcome: RetryOutcome<'_>) -> RetryDecision {
        assert_eq!(state.method, Method::POST);
        let id = state.operation.map(|operation| operation.id);
        self.asked
            .lock()
            .unwrap()
            .push((state.attempts, state.elapsed, state.idempotency, id));
        match outcome.status() {
            Some(_) => RetryDecision::RetryRefused(Duration::MAX),
            None => RetryDecision::Retry(Duration::ZERO),
        }
    }
}

#[tokio::test]
async fn a_policy_of_ones_own_decides_within_the_bounds_of_the_layer() {
    static CREATE: Operation = Operation::new("createUser", Method::POST, "/api/v1/users");
    let (clock, policy) = (LeapingClock::new(), std::sync::Arc::new(Stubborn::default()));
    let script = Script::default()
        .then(BoxError::from("no such thing"))
        .then(200)
        .then(404);
    let service = layer(&clock, 0.5)
        .policy(policy.clone())
        .max_backoff(2 * SECOND)
        .layer(script.clone());
    let mut request = request(Method::POST);
    request.extensions_mut().insert(OperationRef(&CREATE));
    assert_eq!(service.oneshot(request).await.unwrap().status(), StatusCode::NOT_FOUND);
    assert_eq!(clock.waits(), [Duration::ZERO, 2 * SECOND]);
    let state = |attempts, elapsed| (attempts, elapsed, Idempotency::NotIdempotent, Some("createUser"));
    assert_eq!(
        *policy.asked.lock().unwrap(),
        [state(1, Duration::ZERO), state(2, Duration::ZERO), state(3, 2 * SECOND)]
    );
}

#[tokio::test]
async fn an_endless_delay_does_not_panic() {
    let clock = LeapingClock::new();
    let script = Script::default().then(404);
    let mut request = request(Method::POST);
    request
        .extensions_mut()
        .insert(Deadline::new(clock.now(), SECOND).unwrap());
    let service = layer(&clock, 0.5).policy(Stubborn::default()).layer(script.clone());
    assert_eq!(service.oneshot(request).await.unwrap().status(), StatusCode::NOT_FOUND);
    assert_eq!(script.count(), 1);
}
