//! Calls of which "there is no such thing" is a result.

use http::{Method, Request, Response, StatusCode};
use okta_client::{Body, BoxError, OktaClient};

use crate::script::builder;

fn okta() -> OktaClient {
    let service = tower::service_fn(|request: Request<Body>| async move {
        let (status, body) = match request.uri().path() {
            "/api/v1/users/ann" => (200, r#"{"id":"00u1"}"#),
            "/api/v1/users/forbidden" => (403, r#"{"errorCode":"E0000006"}"#),
            _ => (404, r#"{"errorCode":"E0000007"}"#),
        };
        let response = Response::builder().status(status).header("x-okta-request-id", "req-1");
        Ok::<_, BoxError>(response.body(Body::from(body)).unwrap())
    });
    builder().service(service).build().unwrap()
}

#[tokio::test]
async fn what_is_not_found_is_none_and_another_error_stays_one() {
    let okta = okta();
    let user = okta.users().get("ann").optional().await.unwrap();
    assert_eq!(user.unwrap().id.as_deref(), Some("00u1"));
    assert!(okta.users().get("unknown").optional().await.unwrap().is_none());
    assert!(
        okta.users()
            .get("forbidden")
            .optional()
            .await
            .unwrap_err()
            .is_forbidden()
    );
    assert!(okta.users().get("").optional().await.unwrap_err().is_invalid_request());
    assert!(okta.groups().delete("00g1").optional().await.unwrap().is_none());
    assert!(okta.users().list_groups("unknown").optional().await.unwrap().is_none());

    let response = okta.users().get("unknown").optional().send().await.unwrap();
    assert_eq!(
        (response.status, response.value.is_none()),
        (StatusCode::NOT_FOUND, true)
    );
    assert_eq!(response.request_id(), Some("req-1"));
    assert!(okta.users().get("ann").optional().send().await.unwrap().value.is_some());
}

#[tokio::test]
async fn a_raw_call_may_be_optional_too() {
    let okta = okta();
    let call = |path| okta.request(Method::GET, path).optional();
    assert!(call("/api/v1/users/unknown").await.unwrap().is_none());
    assert_eq!(call("/api/v1/users/ann").await.unwrap().unwrap().status, 200);
    assert!(call("/api/v1/users/forbidden").await.is_err());
}

#[cfg(feature = "blocking")]
#[test]
fn without_a_runtime_it_is_the_same() {
    let okta = okta();
    assert!(okta.users().get("unknown").optional().call().unwrap().is_none());
    assert!(okta.users().get("ann").optional().call().unwrap().is_some());
    assert!(okta.users().get("forbidden").optional().call().is_err());
    assert!(okta.request(Method::GET, "/x").optional().call().unwrap().is_none());
}
