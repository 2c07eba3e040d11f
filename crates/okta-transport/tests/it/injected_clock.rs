//! Every timeout of the stack runs on the clock it was given, and on no other.

use std::{convert::Infallible, future::pending, sync::Arc, time::Duration};

use bytes::Bytes;
use http::{Request, Response};
use http_body::Frame;
use http_body_util::StreamBody;
use okta_transport::{Body, BoxError, HttpService, TimeoutError, TimeoutKind, timeout::BodyIdleTimeoutLayer};
use tokio::task::JoinHandle;

use crate::{USERS, get, manual_clock::ManualClock, settle, stack};

const ATTEMPT: Duration = Duration::from_secs(30);
const TOTAL: Duration = Duration::from_secs(300);

fn send(service: &HttpService) -> JoinHandle<Result<Response<Body>, BoxError>> {
    let service = service.clone();
    tokio::spawn(async move { service.send(get(USERS)).await })
}

#[tokio::test]
async fn an_attempt_times_out_when_the_clock_says_so() {
    let clock = ManualClock::new();
    let silent = tower::service_fn(|_: Request<Body>| pending::<Result<Response<Body>, BoxError>>());
    let service = stack()
        .attempt_timeout(ATTEMPT)
        .without_retry()
        .clock(Arc::new(clock.clone()))
        .service(silent)
        .build()
        .unwrap();
    let call = send(&service);
    settle().await;
    clock.advance(ATTEMPT - Duration::from_nanos(1));
    settle().await;
    assert!(!call.is_finished());
    clock.advance(Duration::from_nanos(1));
    settle().await;
    assert!(call.is_finished());
    let error = call.await.unwrap().unwrap_err();
    assert_eq!(
        error.downcast_ref(),
        Some(&TimeoutError::new(TimeoutKind::Attempt, ATTEMPT))
    );
}

#[tokio::test]
async fn a_body_times_out_when_the_clock_says_so() {
    let clock = ManualClock::new();
    let silent_body = tower::service_fn(|_: Request<Body>| async {
        let frames = futures_util::stream::pending::<Result<Frame<Bytes>, Infallible>>();
        Ok::<_, BoxError>(Response::new(StreamBody::new(frames)))
    });
    let service = stack()
        .attempt_timeout(ATTEMPT)
        .total_timeout(TOTAL)
        .body_idle_timeout(None)
        .clock(Arc::new(clock.clone()))
        .service(silent_body)
        .build()
        .unwrap();
    let read = tokio::spawn(async move { service.send(get(USERS)).await });
    settle().await;
    // The headers are there: the attempt timeout has nothing more to say.
    clock.advance(TOTAL - Duration::from_nanos(1));
    settle().await;
    assert!(!read.is_finished());
    clock.advance(Duration::from_nanos(1));
    settle().await;
    assert!(read.is_finished());
    let error = read.await.unwrap().unwrap_err();
    assert_eq!(
        error.downcast_ref(),
        Some(&TimeoutError::new(TimeoutKind::Total, TOTAL))
    );
}

#[tokio::test]
async fn a_silent_body_fails_when_the_clock_says_so() {
    let clock = ManualClock::new();
    let silent_body = tower::service_fn(|_: Request<Body>| async {
        let frames = futures_util::stream::pending::<Result<Frame<Bytes>, Infallible>>();
        Ok::<_, BoxError>(Response::new(StreamBody::new(frames)))
    });
    let layer = BodyIdleTimeoutLayer::new(ATTEMPT).clock(Arc::new(clock.clone()));
    let service = HttpService::new(silent_body).layer(layer);
    let body = service.send(get(USERS)).await.unwrap().into_body();
    let read = tokio::spawn(body.collect());
    settle().await;
    clock.advance(ATTEMPT - Duration::from_nanos(1));
    settle().await;
    assert!(!read.is_finished());
    clock.advance(Duration::from_nanos(1));
    settle().await;
    assert!(read.is_finished());
    let error = read.await.unwrap().unwrap_err();
    assert_eq!(
        error.downcast_ref(),
        Some(&TimeoutError::new(TimeoutKind::BodyIdle, ATTEMPT))
    );
}
