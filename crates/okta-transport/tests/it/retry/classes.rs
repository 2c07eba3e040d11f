//! What is repeated.

use std::time::Duration;

use http::{Method, Uri};
use okta_transport::{
    BoxError, CallOptions, ConnectError, Idempotency, Operation, OperationRef, TimeoutError, TimeoutKind,
    retry::Attempts,
};
use tower::{Layer, ServiceExt};

use super::{Answer, LeapingClock, Script, layer, request, reset, retry};
use crate::USERS;

/// How often a request is sent whose first attempt comes to this.
async fn sent(answer: impl Into<Answer>, request: http::Request<okta_transport::Body>) -> usize {
    let script = Script::default().then(answer);
    // The outcome is not what is asked here.
    let _ = retry(&LeapingClock::new(), &script).oneshot(request).await;
    script.count()
}

fn connect_error() -> BoxError {
    ConnectError::new(&Uri::from_static(USERS), "connection refused").into()
}

fn timeout(kind: TimeoutKind) -> BoxError {
    TimeoutError::new(kind, Duration::from_secs(30)).into()
}

/// What may be repeated of an unknown operation, by its method.
const SAFE: [Method; 3] = [Method::GET, Method::HEAD, Method::OPTIONS];
const UNSAFE: [Method; 4] = [Method::PUT, Method::DELETE, Method::POST, Method::PATCH];

#[tokio::test]
async fn a_refused_request_is_repeated_whatever_its_method() {
    for method in SAFE.into_iter().chain(UNSAFE) {
        assert_eq!(sent(429, request(method.clone())).await, 2, "{method}");
    }
}

#[tokio::test]
async fn without_a_connection_a_request_is_repeated_whatever_its_method() {
    for method in SAFE.into_iter().chain(UNSAFE) {
        assert_eq!(sent(connect_error(), request(method.clone())).await, 2, "{method}");
        let timeout = timeout(TimeoutKind::Connect);
        assert_eq!(sent(timeout, request(method.clone())).await, 2, "{method}");
    }
}

#[tokio::test]
async fn f1_where_the_outcome_is_unknown_only_what_reads_is_repeated_if_no_operation_is_known() {
    let answers: [fn() -> Answer; 6] = [
        || 502.into(),
        || 503.into(),
        || 504.into(),
        || reset().into(),
        || timeout(TimeoutKind::Attempt).into(),
        || timeout(TimeoutKind::BodyIdle).into(),
    ];
    for (number, answer) in answers.into_iter().enumerate() {
        for method in SAFE {
            assert_eq!(sent(answer(), request(method.clone())).await, 2, "{method} {number}");
        }
        for method in UNSAFE {
            assert_eq!(sent(answer(), request(method.clone())).await, 1, "{method} {number}");
        }
    }
}

#[tokio::test]
async fn nothing_else_is_repeated() {
    for status in [
        200, 201, 204, 301, 304, 400, 401, 403, 404, 405, 408, 409, 412, 418, 425, 500, 501, 505, 507, 599,
    ] {
        assert_eq!(sent(status, request(Method::GET)).await, 1, "{status}");
    }
    assert_eq!(sent(timeout(TimeoutKind::Total), request(Method::GET)).await, 1);
    assert_eq!(sent(BoxError::from("a layer says no"), request(Method::GET)).await, 1);
}

#[tokio::test]
async fn a_locked_resource_is_tried_again_whatever_the_method() {
    for method in SAFE.into_iter().chain(UNSAFE) {
        assert_eq!(sent(423, request(method.clone())).await, 2, "{method}");
    }
}

static ACTIVATE: Operation =
    Operation::new("activateUser", Method::POST, "/api/v1/users/{id}/lifecycle/activate").idempotent();
static LIST: Operation = Operation::new("listUsers", Method::GET, "/api/v1/users");
static SEARCH: Operation = Operation::new("search", Method::POST, "/api/v1/search").safe();
static DELETE_USER: Operation = Operation::new("deleteUser", Method::DELETE, "/api/v1/users/{id}").not_idempotent();
static DELETE_GROUP: Operation = Operation::new("deleteGroup", Method::DELETE, "/api/v1/groups/{id}");

fn of(operation: &'static Operation, own: Option<Idempotency>) -> http::Request<okta_transport::Body> {
    let mut request = request(operation.method.clone());
    request.extensions_mut().insert(OperationRef(operation));
    if let Some(own) = own {
        request.extensions_mut().insert(CallOptions::new().idempotency(own));
    }
    request
}

#[tokio::test]
async fn f1_b1_the_operation_knows_better_than_the_method_and_the_call_better_than_both() {
    assert_eq!(sent(503, of(&ACTIVATE, None)).await, 2);
    assert_eq!(sent(503, of(&SEARCH, None)).await, 2);
    assert_eq!(sent(503, of(&DELETE_GROUP, None)).await, 2);
    assert_eq!(sent(503, of(&DELETE_USER, None)).await, 1);
    assert_eq!(sent(reset(), of(&DELETE_USER, None)).await, 1);
    assert_eq!(sent(429, of(&DELETE_USER, None)).await, 2);
    assert_eq!(sent(503, of(&ACTIVATE, Some(Idempotency::NotIdempotent))).await, 1);
    assert_eq!(sent(503, of(&LIST, Some(Idempotency::NotIdempotent))).await, 1);
    assert_eq!(sent(503, of(&DELETE_USER, Some(Idempotency::Idempotent))).await, 2);
    let mut unknown = request(Method::POST);
    unknown
        .extensions_mut()
        .insert(CallOptions::new().idempotency(Idempotency::Idempotent));
    assert_eq!(sent(503, unknown).await, 2);
}

#[tokio::test]
async fn without_repeated_writes_only_what_was_refused_or_not_sent_is_repeated() {
    let sent = |answer: Answer, request| async move {
        let script = Script::default().then(answer);
        let layer = layer(&LeapingClock::new(), 0.5).repeat_idempotent_writes(false);
        // The outcome is not what is asked here.
        let _ = layer.layer(script.clone()).oneshot(request).await;
        script.count()
    };
    for operation in [&ACTIVATE, &DELETE_GROUP] {
        assert_eq!(sent(503.into(), of(operation, None)).await, 1, "{}", operation.id);
        assert_eq!(sent(reset().into(), of(operation, None)).await, 1, "{}", operation.id);
        assert_eq!(sent(429.into(), of(operation, None)).await, 2, "{}", operation.id);
        assert_eq!(sent(423.into(), of(operation, None)).await, 2, "{}", operation.id);
        assert_eq!(
            sent(connect_error().into(), of(operation, None)).await,
            2,
            "{}",
            operation.id
        );
        let own = of(operation, Some(Idempotency::Idempotent));
        assert_eq!(sent(503.into(), own).await, 2, "{}", operation.id);
    }
    assert_eq!(sent(503.into(), of(&LIST, None)).await, 2);
    assert_eq!(sent(503.into(), of(&SEARCH, None)).await, 2);
}

/// Whether an earlier attempt may have been carried out, after this one and then a 404.
async fn maybe_carried_out(answer: impl Into<Answer>, request: http::Request<okta_transport::Body>) -> bool {
    let script = Script::default().then(answer).then(404);
    let response = retry(&LeapingClock::new(), &script).oneshot(request).await.unwrap();
    assert_eq!((response.status().as_u16(), script.count()), (404, 2));
    Attempts::of(response.extensions()).unwrap().maybe_carried_out()
}

#[tokio::test]
async fn b1b_attempts_say_whether_an_earlier_one_may_have_been_carried_out() {
    assert!(maybe_carried_out(reset(), of(&DELETE_GROUP, None)).await);
    assert!(maybe_carried_out(504, of(&DELETE_GROUP, None)).await);
    assert!(maybe_carried_out(timeout(TimeoutKind::Attempt), of(&DELETE_GROUP, None)).await);
    assert!(!maybe_carried_out(429, of(&DELETE_GROUP, None)).await);
    assert!(!maybe_carried_out(423, of(&DELETE_GROUP, None)).await);
    assert!(!maybe_carried_out(connect_error(), of(&DELETE_GROUP, None)).await);
    assert!(!maybe_carried_out(reset(), of(&LIST, None)).await);
}
