//! Each layer alone around a service, and the default stack.

use std::{sync::Arc, time::Duration};

use http::{Method, Request, Response};
use okta_client::{
    Body, BoxError, HttpService, OrgUrl,
    auth::{OrgOrigin, SswsToken},
    transport::{
        Operation, OperationRef,
        auth::AuthLayer,
        body::BufferBodyLayer,
        cache::MokaStore,
        header::DefaultHeadersLayer,
        rate_limit::{RateLimitLayer, RateLimitMode, RateLimiter},
        retry::RetryLayer,
        timeout::{AttemptTimeoutLayer, BodyIdleTimeoutLayer, TotalTimeoutLayer},
        trace::{AttemptLogLayer, OperationSpanLayer},
    },
};
use tower::{Layer, Service, ServiceExt};

use crate::{Outcome, block_on, responses};

const ORG: &str = "https://acme.okta.com";
static GET_USER: Operation = Operation::new("getUser", Method::GET, "/api/v1/users/{id}");

fn token() -> Result<Arc<SswsToken>, BoxError> {
    Ok(Arc::new(SswsToken::new("00example".into())?))
}

fn request() -> Result<Request<Body>, http::Error> {
    let request = Request::get("https://acme.okta.com/api/v1/users/00u1fhp2uTiKbnpuX5d7");
    request.extension(OperationRef(&GET_USER)).body(Body::empty())
}

/// Sends the same request through a layer around the server. A layer costs the difference to the bare service.
fn around<L, B>(layer: L, repetitions: u32) -> Outcome
where
    L: Layer<HttpService>,
    L::Service: Service<Request<Body>, Response = Response<B>> + Clone,
    <L::Service as Service<Request<Body>>>::Error: Into<BoxError>,
{
    let service = layer.layer(HttpService::new(responses::server()));
    block_on(async {
        for _ in 0..repetitions {
            let response = service.clone().oneshot(request()?).await.map_err(Into::into)?;
            std::hint::black_box(response);
        }
        Ok(())
    })
}

pub(crate) fn bare(repetitions: u32) -> Outcome {
    around(tower::layer::util::Identity::new(), repetitions)
}

pub(crate) fn default_headers(repetitions: u32) -> Outcome {
    around(DefaultHeadersLayer::new(), repetitions)
}

pub(crate) fn operation_span(repetitions: u32) -> Outcome {
    around(OperationSpanLayer::new(), repetitions)
}

pub(crate) fn total_timeout(repetitions: u32) -> Outcome {
    around(TotalTimeoutLayer::new(Duration::from_secs(60)), repetitions)
}

pub(crate) fn retry(repetitions: u32) -> Outcome {
    around(RetryLayer::new(), repetitions)
}

pub(crate) fn rate_limit(repetitions: u32) -> Outcome {
    around(
        RateLimitLayer::new(RateLimiter::new(RateLimitMode::default())),
        repetitions,
    )
}

pub(crate) fn buffer_body(repetitions: u32) -> Outcome {
    around(BufferBodyLayer::new(), repetitions)
}

pub(crate) fn auth(repetitions: u32) -> Outcome {
    around(
        AuthLayer::new(token()?, OrgOrigin::new(&OrgUrl::parse(ORG)?)),
        repetitions,
    )
}

pub(crate) fn attempt_log(repetitions: u32) -> Outcome {
    around(AttemptLogLayer::new(), repetitions)
}

pub(crate) fn attempt_timeout(repetitions: u32) -> Outcome {
    around(AttemptTimeoutLayer::new(Duration::from_secs(60)), repetitions)
}

pub(crate) fn body_idle_timeout(repetitions: u32) -> Outcome {
    around(BodyIdleTimeoutLayer::new(Duration::from_secs(60)), repetitions)
}

pub(crate) fn stack(repetitions: u32) -> Outcome {
    let service = HttpService::builder(&OrgUrl::parse(ORG)?)
        .authenticator(token()?)
        .service(responses::server())
        .build()?;
    around(tower::layer::layer_fn(|_| service.clone()), repetitions)
}

/// Every request but the first is served from memory.
pub(crate) fn cache_hit(repetitions: u32) -> Outcome {
    let service = HttpService::builder(&OrgUrl::parse(ORG)?)
        .authenticator(token()?)
        .cache(Arc::new(MokaStore::new()))
        .service(responses::server())
        .build()?;
    around(tower::layer::layer_fn(|_| service.clone()), repetitions)
}
