//! What the default transport puts on the wire.

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method, Request, Response, StatusCode};
use http_body::Frame;
use http_body_util::StreamBody;
use okta_auth::{Attempt, AuthError, Authenticator, Credentials, Principal, ReviewOutcome};
use okta_transport::{Body, BoxError, HttpService, HyperService};

use crate::{
    local_server::{LocalServer, report},
    replay_refused, settle,
};

async fn text(service: &HttpService, request: Request<Body>) -> String {
    let body = service.send(request).await.unwrap().into_body();
    String::from_utf8(body.collect().await.unwrap().to_vec()).unwrap()
}

#[tokio::test]
async fn the_length_of_a_body_is_sent_and_so_is_that_of_none_where_one_is_expected() {
    let server = LocalServer::clear_text(report()).await;
    let service = HttpService::new(HyperService::builder(&server.org_url()).build().unwrap());
    for (method, body, expected) in [
        (Method::POST, "{}", r#"HTTP/1.1 Some("2")"#),
        (Method::POST, "", r#"HTTP/1.1 Some("0")"#),
        (Method::PUT, "", r#"HTTP/1.1 Some("0")"#),
        (Method::PATCH, "", r#"HTTP/1.1 Some("0")"#),
        (Method::GET, "", "HTTP/1.1 None"),
        (Method::DELETE, "", "HTTP/1.1 None"),
    ] {
        assert_eq!(
            text(&service, server.request(method.clone(), body)).await,
            expected,
            "{method} {body:?}"
        );
    }
    let frames = futures_util::stream::iter([Ok::<_, BoxError>(Frame::data(Bytes::from_static(b"{}")))]);
    let stream = server.request(Method::POST, Body::new(StreamBody::new(frames)));
    assert_eq!(text(&service, stream).await, "HTTP/1.1 None");
}

/// Wants a refused attempt to be sent again.
#[derive(Debug)]
struct Renewing(Principal);

impl Authenticator for Renewing {
    async fn credentials(&self, _: Attempt<'_>) -> Result<Credentials, AuthError> {
        Ok(Credentials::authorization(HeaderValue::from_static("Bearer canary")))
    }

    async fn review(&self, _: &Credentials, status: StatusCode, _: &HeaderMap) -> ReviewOutcome {
        replay_refused(status)
    }

    fn principal(&self) -> &Principal {
        &self.0
    }
}

#[tokio::test]
async fn one_connection_serves_every_call() {
    let server = LocalServer::clear_text(report()).await;
    let service = HttpService::new(HyperService::builder(&server.org_url()).build().unwrap());
    for _ in 0..3 {
        text(&service, server.get()).await;
        // A connection goes back to the pool in a separate task.
        settle().await;
    }
    assert_eq!(server.connections(), 1);
}

#[tokio::test]
async fn a_refused_attempt_is_sent_again_over_tcp() {
    let refuse_first = std::sync::atomic::AtomicBool::new(true);
    let refuse_first = std::sync::Arc::new(refuse_first);
    let server = LocalServer::clear_text(HttpService::new(tower::service_fn(move |request: Request<Body>| {
        let refuse = refuse_first.swap(false, std::sync::atomic::Ordering::Relaxed);
        async move {
            let body = request.into_body().collect().await?;
            let mut response = Response::new(Body::from(body));
            if refuse {
                *response.status_mut() = StatusCode::UNAUTHORIZED;
            }
            Ok::<_, BoxError>(response)
        }
    })))
    .await;
    let authenticator = std::sync::Arc::new(Renewing(Principal::new("test", "renewing")));
    let service = HttpService::builder(&server.org_url())
        .authenticator(authenticator)
        .build()
        .unwrap();
    assert_eq!(text(&service, server.request(Method::POST, "twice")).await, "twice");
}
