//! What one call does differently from the client's settings.

use std::{
    future::pending,
    sync::{Arc, Mutex},
    time::Duration,
};

use futures_util::FutureExt;
use http::{Method, Request, Response};
use okta_client::{
    Body, BoxError, CallOptions,
    auth::SswsToken,
    transport::{Idempotency, OperationRef},
};

use crate::{desk::desk, script::builder};

#[tokio::test]
async fn a_call_with_other_credentials_has_them_on_all_its_pages_and_no_other_call_has() {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let noted = seen.clone();
    let service = tower::service_fn(move |request: Request<Body>| {
        noted
            .lock()
            .unwrap()
            .push(request.headers()["authorization"].to_str().unwrap().to_owned());
        let response = if request.uri().query().is_none() {
            Response::builder().header("link", r#"</api/v1/users?after=1>; rel="next""#)
        } else {
            Response::builder()
        };
        async move { Ok::<_, BoxError>(response.body(Body::from("[]"))?) }
    });
    let okta = builder().service(service).build().unwrap();
    let other = Arc::new(SswsToken::new("00canary".into()).unwrap());
    let call = okta.users().list().with_authenticator(other.clone());
    assert!(!format!("{call:?}{:?}", call.request().unwrap()).contains("canary"));
    call.stream().try_collect().await.unwrap();
    okta.request(Method::GET, "/api/v1/users?x=y")
        .with_authenticator(other)
        .await
        .unwrap();
    okta.users().list().await.unwrap();
    assert_eq!(
        *seen.lock().unwrap(),
        ["SSWS 00canary", "SSWS 00canary", "SSWS 00canary", "SSWS 00token"]
    );
}

#[cfg(feature = "cache-moka")]
#[tokio::test]
async fn what_one_caller_was_answered_is_not_given_to_the_credentials_of_another() {
    let service = tower::service_fn(|request: Request<Body>| async move {
        let body = format!(r#"{{"id":"{}"}}"#, request.headers()["authorization"].to_str()?);
        Ok::<_, BoxError>(Response::new(Body::from(body)))
    });
    let cached = okta_client::transport::cache::MokaStore::new();
    let okta = builder().service(service).cache(cached).build().unwrap();
    let other = Arc::new(SswsToken::new("00other".into()).unwrap());
    for _ in 0..2 {
        let user = okta.users().get("me").await.unwrap();
        assert_eq!(user.id.as_deref(), Some("SSWS 00token"));
        let user = okta.users().get("me").with_authenticator(other.clone()).await.unwrap();
        assert_eq!(user.id.as_deref(), Some("SSWS 00other"));
    }
}

#[tokio::test(start_paused = true)]
async fn timeouts_and_retries_are_those_of_the_call() {
    let asked = Arc::new(Mutex::new(0));
    let count = asked.clone();
    let service = tower::service_fn(move |request: Request<Body>| {
        *count.lock().unwrap() += 1;
        async move {
            if request.uri().path().ends_with("slow") {
                pending::<()>().await;
            }
            Ok::<_, BoxError>(Response::builder().status(503).body(Body::empty())?)
        }
    });
    let okta = builder().service(service).build().unwrap();
    let second = Duration::from_secs(1);
    for options in [
        CallOptions::new().total_timeout(second),
        CallOptions::new().attempt_timeout(second).max_retries(0),
    ] {
        assert!(
            okta.users()
                .get("slow")
                .with_options(options)
                .await
                .unwrap_err()
                .is_timeout()
        );
    }
    *asked.lock().unwrap() = 0;
    let never = CallOptions::new().max_retries(0);
    assert!(okta.users().get("x").with_options(never.clone()).await.is_err());
    assert_eq!(*asked.lock().unwrap(), 1);
    assert!(okta.users().get("x").await.is_err());
    assert!(*asked.lock().unwrap() > 2, "the client's own setting");

    let options = never.idempotency(Idempotency::Idempotent).connect_timeout(second);
    let request = okta
        .users()
        .suspend("x")
        .with_options(options)
        .with_header("x-trace", "1")
        .request()
        .unwrap();
    assert!(OperationRef::of(request.extensions()).is_some());
    let extensions = request.extensions();
    assert_eq!(
        CallOptions::idempotency_of(extensions, request.method()),
        Idempotency::Idempotent
    );
    assert_eq!(CallOptions::connect_timeout_of(extensions, None), Some(second));
    assert_eq!(CallOptions::max_retries_of(extensions, 9), 0);
    assert_eq!(request.headers()["x-trace"], "1");
}

#[tokio::test]
async fn dropping_a_call_cancels_it() {
    let (okta, mut desk) = desk();
    let mut call = Box::pin(async { okta.users().get("00u1").await });
    assert!(call.as_mut().now_or_never().is_none());
    let question = desk.question("/api/v1/users/00u1");
    assert!(!question.is_abandoned());
    drop(call);
    assert!(question.is_abandoned());
}
