//! Users' own layers on the default stack, and their own services below it.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering::SeqCst},
    },
    time::Duration,
};

use axum::{Json, Router, routing::get};
use http::{HeaderValue, Request, Response, StatusCode, header};
use okta_client::{Body, BoxError, OktaClient, transport::OperationRef};
use serde_json::json;
use tower::{
    ServiceExt,
    buffer::BufferLayer,
    filter::AsyncFilterLayer,
    layer::layer_fn,
    limit::ConcurrencyLimitLayer,
    load_shed::LoadShedLayer,
    timeout::TimeoutLayer,
    util::{MapRequestLayer, MapResponseLayer, option_layer},
};
use tower_http::{
    catch_panic::CatchPanicLayer,
    decompression::DecompressionLayer,
    limit::RequestBodyLimitLayer,
    map_response_body::MapResponseBodyLayer,
    request_id::{MakeRequestUuid, SetRequestIdLayer},
    sensitive_headers::SetSensitiveHeadersLayer,
    set_header::SetRequestHeaderLayer,
    timeout::{RequestBodyTimeoutLayer, ResponseBodyTimeoutLayer},
    trace::TraceLayer,
};

use crate::org::Org;

const LONG: Duration = Duration::from_secs(60);

/// What passes by a place in the stack.
#[derive(Clone, Default)]
struct Seen {
    requests: Arc<AtomicUsize>,
    with_credentials: Arc<AtomicUsize>,
    with_operation: Arc<AtomicUsize>,
}

impl Seen {
    fn note(&self, request: &Request<Body>) {
        self.requests.fetch_add(1, SeqCst);
        let count = |counter: &AtomicUsize, yes: bool| counter.fetch_add(usize::from(yes), SeqCst);
        count(
            &self.with_credentials,
            request.headers().contains_key(header::AUTHORIZATION),
        );
        count(&self.with_operation, OperationRef::of(request.extensions()).is_some());
    }
    fn counts(&self) -> (usize, usize, usize) {
        (
            self.requests.load(SeqCst),
            self.with_credentials.load(SeqCst),
            self.with_operation.load(SeqCst),
        )
    }
}

#[tokio::test]
async fn stock_layers_compose_on_the_default_stack_outside_and_per_attempt() {
    let org = Org::start(2).await;
    let (outside, inside) = (Seen::default(), Seen::default());
    let (see_outside, see_inside) = (outside.clone(), inside.clone());
    let okta = org
        .builder()
        .layer(TraceLayer::new_for_http())
        .layer(SetRequestIdLayer::x_request_id(MakeRequestUuid))
        .layer(SetSensitiveHeadersLayer::new([header::COOKIE]))
        .layer(ConcurrencyLimitLayer::new(4))
        .layer(LoadShedLayer::new())
        .layer(BufferLayer::<Request<Body>>::new(16))
        .layer(TimeoutLayer::new(LONG))
        .layer(CatchPanicLayer::new())
        .layer(RequestBodyLimitLayer::new(1 << 20))
        .layer(AsyncFilterLayer::new(|request: Request<Body>| async move {
            Ok::<_, BoxError>(request)
        }))
        .layer(option_layer(Some(TimeoutLayer::new(LONG))))
        .layer(MapRequestLayer::new(move |request: Request<Body>| {
            see_outside.note(&request);
            request
        }))
        .attempt_layer(DecompressionLayer::new())
        .attempt_layer(ResponseBodyTimeoutLayer::new(LONG))
        .attempt_layer(RequestBodyTimeoutLayer::new(LONG))
        .attempt_layer(tower_http::timeout::TimeoutLayer::with_status_code(
            StatusCode::GATEWAY_TIMEOUT,
            LONG,
        ))
        .attempt_layer(SetRequestHeaderLayer::overriding(
            header::USER_AGENT,
            HeaderValue::from_static("mine/1.0"),
        ))
        .attempt_layer(MapResponseBodyLayer::new(|body: Body| body))
        .attempt_layer(ConcurrencyLimitLayer::new(4))
        .attempt_layer(TimeoutLayer::new(LONG))
        .attempt_layer(LoadShedLayer::new())
        .attempt_layer(MapResponseLayer::new(|response: Response<Body>| response))
        .attempt_layer(layer_fn(move |service: okta_client::HttpService| {
            let seen = see_inside.clone();
            service.map_request(move |request: Request<Body>| {
                assert_eq!(request.headers()[header::USER_AGENT], "mine/1.0");
                assert!(request.headers().contains_key("x-request-id"));
                seen.note(&request);
                request
            })
        }))
        .build()
        .unwrap();
    assert_eq!(okta.users().list().await.unwrap().items.len(), 2);
    assert!(okta.users().get("unknown").await.unwrap_err().is_not_found());
    assert_eq!(
        outside.counts(),
        (2, 0, 2),
        "one request a call, with its operation and without credentials"
    );
    assert_eq!(inside.counts(), (2, 0, 2), "each attempt, without credentials");
}

#[tokio::test]
async fn the_first_layer_added_is_the_outermost() {
    let add = |text: &'static str| {
        MapRequestLayer::new(move |mut request: Request<Body>| {
            request.headers_mut().append("x-order", HeaderValue::from_static(text));
            request
        })
    };
    let service = tower::service_fn(|request: Request<Body>| async move {
        let order: Vec<_> = request
            .headers()
            .get_all("x-order")
            .iter()
            .map(|value| value.to_str().unwrap().to_owned())
            .collect();
        Ok::<_, BoxError>(Response::new(Body::from(json!(order).to_string())))
    });
    let okta = OktaClient::builder()
        .org_url("https://acme.okta.com")
        .api_token("00token")
        .attempt_layer(add("3"))
        .layer(add("1"))
        .layer(add("2"))
        .attempt_layer(add("4"))
        .service(service)
        .build()
        .unwrap();
    let order: Vec<String> = okta.request(http::Method::GET, "/").await.unwrap().json().unwrap();
    assert_eq!(order, ["1", "2", "3", "4"]);
}

#[tokio::test]
async fn an_axum_router_takes_the_place_of_hyper() {
    let router = Router::new()
        .route(
            "/api/v1/users/{id}",
            get(|| async { Json(json!({"id": "00u1", "profile": {"login": "axum@example.com"}})) }),
        )
        .layer(axum::middleware::from_fn(
            |request: axum::extract::Request, next: axum::middleware::Next| async move {
                assert_eq!(
                    request.headers()[header::AUTHORIZATION],
                    "SSWS 00token",
                    "credentials reach the transport"
                );
                next.run(request).await
            },
        ));
    let okta = OktaClient::builder()
        .org_url("https://acme.okta.com")
        .api_token("00token")
        .service(router.into_service())
        .build()
        .unwrap();
    let user = okta.users().get("any").await.unwrap();
    assert_eq!(user.profile.unwrap().login.as_deref(), Some("axum@example.com"));
    assert!(okta.groups().get("any").await.unwrap_err().is_not_found());
}

#[tokio::test]
async fn the_emulator_serves_the_client_without_a_socket() {
    let emulator = okta_emulator::Emulator::builder()
        .org_url("https://acme.okta.com")
        .users(3)
        .build()
        .unwrap();
    let okta = OktaClient::builder()
        .org_url("https://acme.okta.com")
        .api_token(emulator.token())
        .service(emulator.clone())
        .build()
        .unwrap();
    assert_eq!(
        okta.users().list().limit(1).stream().try_collect().await.unwrap().len(),
        3
    );
}

#[tokio::test]
async fn a_stack_of_ones_own_is_a_client_too() {
    let emulator = okta_emulator::Emulator::builder()
        .org_url("https://acme.okta.com")
        .users(3)
        .build()
        .unwrap();
    let authorization = HeaderValue::try_from(format!("SSWS {}", emulator.token())).unwrap();
    let stack = tower::ServiceBuilder::new()
        .layer(TimeoutLayer::new(LONG))
        .layer(SetRequestHeaderLayer::overriding(header::AUTHORIZATION, authorization))
        .service(emulator);
    let okta = OktaClient::from_service("https://acme.okta.com".parse().unwrap(), stack);
    assert_eq!(okta.users().list().await.unwrap().items.len(), 3);
}
