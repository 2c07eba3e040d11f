//! The budget that all calls of a client share.

use http::{Method, StatusCode};
use okta_transport::retry::{Attempts, RetryBudget, StopReason};
use tower::{Layer, ServiceExt};

use super::{LeapingClock, Script, layer, request, reset, status};
use crate::settle;

fn failing(times: usize) -> Script {
    (0..times).fold(Script::default(), |script, _| script.then(503))
}

#[tokio::test]
async fn while_everything_fails_retries_come_to_an_end() {
    let (clock, script) = (LeapingClock::new(), failing(1000));
    let service = layer(&clock, 0.0).budget(RetryBudget::new(5)).layer(script.clone());
    for _ in 0..20 {
        assert_eq!(status(&service, Method::GET).await, StatusCode::SERVICE_UNAVAILABLE);
    }
    // Twenty first attempts, five retries and none for the waits, which have taken half a second.
    assert_eq!(script.count(), 25);
    let response = service.oneshot(request(Method::GET)).await.unwrap();
    assert_eq!(
        Attempts::of(response.extensions()).unwrap().stopped(),
        StopReason::Budget
    );
}

#[tokio::test]
async fn an_error_that_finds_it_empty_says_so() {
    let empty = layer(&LeapingClock::new(), 0.5).budget(RetryBudget::new(0));
    let service = empty.layer(Script::default().then(reset()));
    let error = service.oneshot(request(Method::GET)).await.unwrap_err();
    let text = "failed after 1 attempt, not repeated because the client's retry budget is used up";
    assert_eq!(error.to_string(), text);
}

#[tokio::test]
async fn refused_requests_do_not_draw_on_it() {
    let script = (0..4).fold(Script::default(), |script, _| script.then(429));
    let empty = layer(&LeapingClock::new(), 0.5)
        .budget(RetryBudget::new(0))
        .max_retries(4)
        .layer(script.clone());
    assert_eq!(status(&empty, Method::POST).await, StatusCode::OK);
    assert_eq!(script.count(), 5);
}

#[tokio::test]
async fn successful_and_refused_calls_fill_it() {
    for filling in [200, 404] {
        let budget = RetryBudget::new(1);
        let script = failing(2);
        let service = layer(&LeapingClock::new(), 0.5)
            .budget(budget.clone())
            .layer(script.clone());
        status(&service, Method::GET).await;
        assert_eq!(budget.left(), 0);
        for _ in 0..10 {
            script.clone().then(filling);
            status(&service, Method::GET).await;
        }
        assert_eq!(budget.left(), 1, "{filling}");
    }
}

#[tokio::test]
async fn clones_of_a_service_share_it_and_other_layers_do_not() {
    let clock = LeapingClock::new();
    let spent = |service: okta_transport::retry::Retry<Script>| async move {
        service.oneshot(request(Method::GET)).await.unwrap();
    };
    let budget = RetryBudget::new(4);
    let shared = layer(&clock, 0.0).budget(budget.clone());
    let service = shared.clone().layer(failing(100));
    spent(service.clone()).await;
    spent(service).await;
    spent(shared.layer(failing(100))).await;
    assert_eq!(budget.left(), 0);

    // A second layer has a separate budget, even if it is built in the same way.
    let script = failing(2);
    spent(layer(&clock, 0.0).layer(script.clone())).await;
    assert_eq!(script.count(), 3);
}

#[tokio::test]
async fn without_one_retries_are_not_limited() {
    let script = failing(300);
    let service = layer(&LeapingClock::new(), 0.0).budget(None).layer(script.clone());
    for _ in 0..100 {
        status(&service, Method::GET).await;
    }
    assert_eq!(script.count(), 300);
}

#[tokio::test]
async fn a_call_given_up_while_it_waits_gives_back_what_it_has_reserved() {
    let (clock, script, budget) = (crate::manual_clock::ManualClock::new(), failing(1), RetryBudget::new(3));
    let service = okta_transport::retry::RetryLayer::new()
        .budget(budget.clone())
        .clock(std::sync::Arc::new(clock.clone()))
        .layer(script.clone());
    let call = tokio::spawn(service.oneshot(request(Method::GET)));
    settle().await;
    assert_eq!(budget.left(), 2);
    call.abort();
    assert!(call.await.unwrap_err().is_cancelled());
    assert_eq!(budget.left(), 3);
    // Nothing continues without it.
    clock.advance(super::SECOND * 60);
    settle().await;
    assert_eq!(script.count(), 1);
}
