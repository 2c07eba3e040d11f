//! Other bottoms than hyper.

use axum::{Router, extract::Path, routing};
use bytes::Bytes;
use http::{HeaderMap, Request, Response};
use http_body_util::Full;
use okta_transport::{Body, BoxError, ConnectError};

use crate::{USERS, get, stack};

#[tokio::test]
async fn a_router_in_the_same_process() {
    let router = Router::new().route(
        "/api/v1/users/{id}",
        routing::post(|Path(id): Path<String>, headers: HeaderMap, body: Bytes| async move {
            format!("{id} {} {}", headers["authorization"].to_str().unwrap(), body.len())
        }),
    );
    let service = stack().service(router).build().unwrap();
    let response = service
        .send(Request::post(format!("{USERS}/00u1")).body("{}").unwrap())
        .await
        .unwrap();
    assert_eq!(response.status(), 200);
    assert_eq!(response.into_body().collect().await.unwrap(), "00u1 SSWS 00canary 2");
}

#[tokio::test]
async fn a_closure_whose_response_stays_whole_in_memory() {
    let closure = tower::service_fn(|_: Request<Body>| async {
        Ok::<_, BoxError>(Response::new(Full::new(Bytes::from_static(b"[]"))))
    });
    let response = stack()
        .service(closure)
        .build()
        .unwrap()
        .send(get(USERS))
        .await
        .unwrap();
    assert_eq!(response.body().as_bytes().unwrap(), "[]");
}

#[tokio::test]
async fn its_error_arrives_as_it_was() {
    let unreachable = tower::service_fn(|request: Request<Body>| async move {
        Err::<Response<Body>, _>(ConnectError::new(request.uri(), "no route"))
    });
    let error = stack()
        .without_retry()
        .service(unreachable)
        .build()
        .unwrap()
        .send(get(USERS))
        .await
        .unwrap_err();
    assert_eq!(
        error.downcast_ref::<ConnectError>().unwrap().target(),
        "https://acme.okta.com"
    );
}
