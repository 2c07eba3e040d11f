//! What the caller gets.

use std::time::Duration;

use http::{Method, StatusCode, Uri};
use okta_transport::{
    BoxError, CallOptions, ConnectError, TimeoutError, TimeoutKind,
    retry::{AttemptOutcome, Attempts, RetryError, StopReason},
};
use tower::{Layer, ServiceExt};

use super::{LeapingClock, Script, layer, request, reset, retry};
use crate::USERS;

#[tokio::test]
async fn a_call_that_goes_well_at_once_says_so() {
    let response = retry(&LeapingClock::new(), &Script::default())
        .oneshot(request(Method::GET))
        .await
        .unwrap();
    let attempts = Attempts::of(response.extensions()).unwrap();
    assert_eq!((attempts.count(), attempts.stopped()), (1, StopReason::Final));
    assert!(attempts.repeated().is_empty());
}

#[tokio::test]
async fn exhausted_the_last_response_is_there_with_its_headers_and_its_body() {
    let clock = LeapingClock::new();
    let script = Script::default()
        .then((429, [("x-okta-request-id", "a"), ("retry-after", "5")]))
        .then(503)
        .then((429, [("x-okta-request-id", "c"), ("retry-after", "9")]));
    let response = retry(&clock, &script).oneshot(request(Method::GET)).await.unwrap();
    assert_eq!(response.status(), StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(response.headers()["x-okta-request-id"], "c");
    let attempts = Attempts::of(response.extensions()).unwrap().clone();
    assert_eq!(response.into_body().collect().await.unwrap(), "refused");

    assert_eq!((attempts.count(), attempts.stopped()), (3, StopReason::MaxRetries));
    let [first, second] = attempts.repeated() else {
        panic!("{attempts}")
    };
    assert_eq!(first.outcome, AttemptOutcome::Status(StatusCode::TOO_MANY_REQUESTS));
    assert_eq!(first.request_id.as_ref().unwrap(), "a");
    assert_eq!(second.outcome, AttemptOutcome::Status(StatusCode::SERVICE_UNAVAILABLE));
    assert_eq!(second.request_id, None);
    assert_eq!([first.wait, second.wait], clock.waits()[..]);
    assert_eq!(attempts.waited(), clock.waits().iter().sum::<Duration>());
}

#[tokio::test]
async fn a_recovered_call_reports_its_attempts() {
    let script = Script::default().then(reset());
    let response = retry(&LeapingClock::new(), &script)
        .oneshot(request(Method::GET))
        .await
        .unwrap();
    let attempts = Attempts::of(response.extensions()).unwrap();
    assert_eq!(attempts.to_string(), "2 attempts (connection reset, waited 550ms)");
}

#[tokio::test]
async fn exhausted_the_last_error_is_found_and_carries_the_attempts() {
    let unreachable = || BoxError::from(ConnectError::new(&Uri::from_static(USERS), "connection refused"));
    let script = Script::default().then(503).then(unreachable()).then(unreachable());
    let error = retry(&LeapingClock::new(), &script)
        .oneshot(request(Method::GET))
        .await
        .unwrap_err();
    let source = error.source().unwrap().downcast_ref::<ConnectError>().unwrap();
    assert_eq!(source.target(), "https://acme.okta.com");
    assert_eq!(
        error.to_string(),
        "failed after 3 attempts (503 Service Unavailable, waited 550ms; the same, waited 1.05s), not repeated because the retries it is allowed are used up"
    );
    let attempts = error.downcast_ref::<RetryError>().unwrap().attempts();
    assert_eq!((attempts.count(), attempts.stopped()), (3, StopReason::MaxRetries));
    // However deep it lies.
    let wrapped = std::io::Error::other(error);
    assert_eq!(Attempts::of_error(&wrapped).unwrap().count(), 3);
}

#[tokio::test]
async fn an_error_after_which_nothing_was_tried_comes_as_it_was() {
    for (error, method) in [("a layer says no", Method::GET), ("broken", Method::POST)] {
        let script = Script::default().then(BoxError::from(error));
        let error_there = retry(&LeapingClock::new(), &script)
            .oneshot(request(method))
            .await
            .unwrap_err();
        assert_eq!(error_there.to_string(), error);
        assert!(Attempts::of_error(&*error_there).is_none());
    }
    let script = Script::default().then(reset());
    let never = layer(&LeapingClock::new(), 0.5).max_retries(0).layer(script);
    let error = never.oneshot(request(Method::GET)).await.unwrap_err();
    assert!(error.is::<std::io::Error>());
}

#[tokio::test]
async fn an_error_that_is_final_after_a_retry_reports_it() {
    let script = Script::default().then(429).then(BoxError::from("a layer says no"));
    let error = retry(&LeapingClock::new(), &script)
        .oneshot(request(Method::GET))
        .await
        .unwrap_err();
    let attempts = Attempts::of_error(&*error).unwrap();
    assert_eq!((attempts.count(), attempts.stopped()), (2, StopReason::Final));
    assert_eq!(error.source().unwrap().to_string(), "a layer says no");
}

#[tokio::test]
async fn retries_can_be_switched_off_for_the_stack_and_for_a_call_and_on_again() {
    for (stack, call, expected) in [
        (0, None, 1),
        (2, None, 3),
        (2, Some(0), 1),
        (0, Some(1), 2),
        (2, Some(5), 6),
    ] {
        let script = (0..9).fold(Script::default(), |script, _| script.then(429));
        let mut request = request(Method::GET);
        if let Some(retries) = call {
            request.extensions_mut().insert(CallOptions::new().max_retries(retries));
        }
        let service = layer(&LeapingClock::new(), 0.5)
            .max_retries(stack)
            .layer(script.clone());
        let response = service.oneshot(request).await.unwrap();
        assert_eq!(script.count(), expected, "{stack} {call:?}");
        let attempts = Attempts::of(response.extensions()).unwrap();
        assert_eq!(attempts.stopped(), StopReason::MaxRetries);
    }
}

#[tokio::test]
async fn the_default_is_two_retries() {
    let script = (0..3).fold(Script::default(), |script, _| script.then(503));
    let response = retry(&LeapingClock::new(), &script)
        .oneshot(request(Method::GET))
        .await
        .unwrap();
    assert_eq!((response.status().as_u16(), script.count()), (503, 3));
}

#[tokio::test]
async fn no_secret_of_the_request_is_in_what_is_shown() {
    let error = TimeoutError::new(TimeoutKind::Attempt, Duration::from_secs(1));
    let script = Script::default().then(BoxError::from(error)).then(429).then(reset());
    let mut request = request(Method::GET);
    request
        .headers_mut()
        .insert("authorization", "SSWS canary".parse().unwrap());
    *request.body_mut() = "canary".into();
    *request.uri_mut() = Uri::from_static("https://acme.okta.com/api/v1/users?token=canary");
    let error = retry(&LeapingClock::new(), &script).oneshot(request).await.unwrap_err();
    let shown = format!("{error} {error:?} {:?}", Attempts::of_error(&*error));
    assert!(shown.contains("429") && !shown.contains("canary"), "{shown}");
}
