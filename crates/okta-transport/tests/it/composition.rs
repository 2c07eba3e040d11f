//! Stock layers of tower and tower-http on the default stack, around the call and around each attempt.

use std::{
    future::{Ready, ready},
    time::Duration,
};

use bytes::Bytes;
use http::{HeaderName, HeaderValue, Request, Response, StatusCode, header};
use http_body_util::Full;
use okta_transport::{Body, BoxError, HttpService, StackBuilder};
use tower::retry;

use crate::{USERS, stack};

const LIMIT: Duration = Duration::from_secs(60);

/// A transport that reports what arrived: its credentials and its body.
fn transport(builder: StackBuilder) -> HttpService {
    let echo = tower::service_fn(|request: Request<Body>| async move {
        let credentials = request.headers()["authorization"].to_str()?.to_owned();
        let text = format!("{credentials} {:?}", request.into_body().collect().await?);
        Ok::<_, BoxError>(Response::new(Full::new(Bytes::from(text))))
    });
    builder.service(echo).build().unwrap()
}

async fn answers(service: HttpService) {
    let request = Request::post(USERS).body("{}").unwrap();
    let response = service.send(request).await.unwrap();
    assert_eq!(response.status(), StatusCode::OK);
    assert_eq!(response.into_body().collect().await.unwrap(), "SSWS 00canary b\"{}\"");
}

#[derive(Clone)]
struct Never;

impl<T> retry::Policy<Request<Body>, T, BoxError> for Never {
    type Future = Ready<()>;

    fn retry(&mut self, _: &mut Request<Body>, _: &mut Result<T, BoxError>) -> Option<Self::Future> {
        None
    }

    fn clone_request(&mut self, _: &Request<Body>) -> Option<Request<Body>> {
        None
    }
}

macro_rules! compose {
    ($($name:ident: $layer:expr;)+) => {
        $(
            #[tokio::test]
            async fn $name() {
                answers(transport(stack().layer($layer))).await;
                answers(transport(stack().attempt_layer($layer))).await;
            }
        )+

        #[tokio::test]
        async fn all_of_them_at_once() {
            answers(transport(stack()$(.layer($layer))+$(.attempt_layer($layer))+)).await;
        }
    };
}

compose! {
    tower_timeout: tower::timeout::TimeoutLayer::new(LIMIT);
    tower_retry: retry::RetryLayer::new(Never);
    tower_concurrency_limit: tower::limit::ConcurrencyLimitLayer::new(35);
    tower_load_shed: tower::load_shed::LoadShedLayer::new();
    tower_buffer: tower::buffer::BufferLayer::<Request<Body>>::new(16);
    tower_filter: tower::filter::FilterLayer::new(|request: Request<Body>| Ok::<_, BoxError>(request));
    tower_async_filter: tower::filter::AsyncFilterLayer::new(|request: Request<Body>| ready(Ok::<_, BoxError>(request)));
    tower_map_request: tower::util::MapRequestLayer::new(|request: Request<Body>| request);
    tower_map_response: tower::util::MapResponseLayer::new(|response: Response<Body>| response);
    tower_option_layer: tower::util::option_layer(Some(tower::timeout::TimeoutLayer::new(LIMIT)));
    tower_http_trace: tower_http::trace::TraceLayer::new_for_http();
    tower_http_decompression: tower_http::decompression::DecompressionLayer::new();
    tower_http_sensitive_headers: tower_http::sensitive_headers::SetSensitiveHeadersLayer::new([header::AUTHORIZATION]);
    tower_http_set_request_id:
        tower_http::request_id::SetRequestIdLayer::x_request_id(tower_http::request_id::MakeRequestUuid);
    tower_http_propagate_request_id: tower_http::request_id::PropagateRequestIdLayer::x_request_id();
    tower_http_timeout: tower_http::timeout::TimeoutLayer::with_status_code(StatusCode::GATEWAY_TIMEOUT, LIMIT);
    tower_http_request_body_timeout: tower_http::timeout::RequestBodyTimeoutLayer::new(LIMIT);
    tower_http_response_body_timeout: tower_http::timeout::ResponseBodyTimeoutLayer::new(LIMIT);
    tower_http_request_body_limit: tower_http::limit::RequestBodyLimitLayer::new(1024);
    tower_http_set_request_header: tower_http::set_header::SetRequestHeaderLayer::overriding(
        HeaderName::from_static("x-team"),
        HeaderValue::from_static("identity"),
    );
    tower_http_map_request_body: tower_http::map_request_body::MapRequestBodyLayer::new(|body: Body| body);
    tower_http_map_response_body: tower_http::map_response_body::MapResponseBodyLayer::new(|body: Body| body);
    tower_http_add_extension: tower_http::add_extension::AddExtensionLayer::new(7_u8);
    tower_http_catch_panic: tower_http::catch_panic::CatchPanicLayer::new();
    tower_http_follow_redirect: tower_http::follow_redirect::FollowRedirectLayer::new();
}
