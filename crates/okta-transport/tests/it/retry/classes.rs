//! What is repeated.

use std::time::Duration;

use http::{Method, Uri};
use okta_transport::{
    BoxError, CallOptions, ConnectError, Idempotency, Operation, OperationRef, TimeoutError, TimeoutKind,
};
use tower::ServiceExt;

use super::{Answer, LeapingClock, Script, request, reset, retry};
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

const IDEMPOTENT: [Method; 5] = [Method::GET, Method::HEAD, Method::OPTIONS, Method::PUT, Method::DELETE];
const NOT_IDEMPOTENT: [Method; 2] = [Method::POST, Method::PATCH];

#[tokio::test]
async fn a_refused_request_is_repeated_whatever_its_method() {
    for method in IDEMPOTENT.into_iter().chain(NOT_IDEMPOTENT) {
        assert_eq!(sent(429, request(method.clone())).await, 2, "{method}");
    }
}

#[tokio::test]
async fn without_a_connection_a_request_is_repeated_whatever_its_method() {
    for method in IDEMPOTENT.into_iter().chain(NOT_IDEMPOTENT) {
        assert_eq!(sent(connect_error(), request(method.clone())).await, 2, "{method}");
        let timeout = timeout(TimeoutKind::Connect);
        assert_eq!(sent(timeout, request(method.clone())).await, 2, "{method}");
    }
}

#[tokio::test]
async fn where_the_outcome_is_unknown_only_what_is_idempotent_is_repeated() {
    let answers: [fn() -> Answer; 5] = [
        || 502.into(),
        || 503.into(),
        || 504.into(),
        || reset().into(),
        || timeout(TimeoutKind::Attempt).into(),
    ];
    for (number, answer) in answers.into_iter().enumerate() {
        for method in IDEMPOTENT {
            assert_eq!(sent(answer(), request(method.clone())).await, 2, "{method} {number}");
        }
        for method in NOT_IDEMPOTENT {
            assert_eq!(sent(answer(), request(method.clone())).await, 1, "{method} {number}");
        }
    }
}

#[tokio::test]
async fn nothing_else_is_repeated() {
    for status in [
        200, 201, 204, 301, 304, 400, 401, 403, 404, 405, 408, 409, 412, 418, 423, 425, 500, 501, 505, 507, 599,
    ] {
        assert_eq!(sent(status, request(Method::GET)).await, 1, "{status}");
    }
    assert_eq!(sent(timeout(TimeoutKind::Total), request(Method::GET)).await, 1);
    assert_eq!(sent(BoxError::from("a layer says no"), request(Method::GET)).await, 1);
}

#[tokio::test]
async fn the_operation_knows_better_than_the_method_and_the_call_better_than_both() {
    static ACTIVATE: Operation =
        Operation::new("activateUser", Method::POST, "/api/v1/users/{id}/lifecycle/activate").idempotent();
    static LIST: Operation = Operation::new("listUsers", Method::GET, "/api/v1/users");

    let with = |method: Method, operation: Option<&'static Operation>, own: Option<Idempotency>| {
        let mut request = request(method);
        if let Some(operation) = operation {
            request.extensions_mut().insert(OperationRef(operation));
        }
        if let Some(own) = own {
            request.extensions_mut().insert(CallOptions::new().idempotency(own));
        }
        sent(503, request)
    };
    assert_eq!(with(Method::POST, Some(&ACTIVATE), None).await, 2);
    assert_eq!(
        with(Method::POST, Some(&ACTIVATE), Some(Idempotency::NotIdempotent)).await,
        1
    );
    assert_eq!(
        with(Method::GET, Some(&LIST), Some(Idempotency::NotIdempotent)).await,
        1
    );
    assert_eq!(with(Method::POST, None, Some(Idempotency::Idempotent)).await, 2);
}
