//! Every part of the default stack can be left out, swapped and put elsewhere.

use std::{sync::Arc, time::Duration};

use http::{Request, Response, StatusCode};
use okta_auth::{OrgOrigin, SswsToken};
use okta_config::OrgUrl;
use okta_transport::{
    Body, BoxError, HttpService, StackBuilder,
    auth::AuthLayer,
    header::DefaultHeadersLayer,
    rate_limit::{RateLimitLayer, RateLimitMode, RateLimitShare, RateLimiter},
    retry::{RetryDecision, RetryLayer, RetryOutcome, RetryPolicy, RetryState},
    timeout::{AttemptTimeoutLayer, BodyIdleTimeoutLayer, TotalTimeoutLayer},
    trace::{AttemptLogLayer, OperationSpanLayer},
};

use crate::{USERS, get, stack, token};

const LIMIT: Duration = Duration::from_secs(60);

/// Refuses everything that comes without credentials.
fn transport() -> HttpService {
    HttpService::new(tower::service_fn(|request: Request<Body>| async move {
        let status = match request.headers().get("authorization") {
            Some(credentials) if credentials == "SSWS 00canary" => StatusCode::OK,
            _ => StatusCode::UNAUTHORIZED,
        };
        Ok::<_, BoxError>(Response::builder().status(status).body(Body::from("[]"))?)
    }))
}

async fn answers(name: &str, service: HttpService) {
    // Twice, since a cache, a limiter and a pool have seen something then.
    for _ in 0..2 {
        let response = service.send(get(USERS)).await.unwrap();
        assert_eq!(response.status(), StatusCode::OK, "{name}");
        assert_eq!(response.into_body().collect().await.unwrap(), "[]", "{name}");
    }
}

#[derive(Debug)]
struct Never;

impl RetryPolicy for Never {
    fn decide(&self, _: &RetryState<'_>, _: RetryOutcome<'_>) -> RetryDecision {
        RetryDecision::GiveUp
    }
}

/// What can be said to the builder, one part after the other.
fn changes() -> Vec<(&'static str, StackBuilder)> {
    let limiter = RateLimiter::new(RateLimitMode::Pace(RateLimitShare::ALL));
    Vec::from([
        ("no total timeout", stack().total_timeout(None)),
        ("a total timeout", stack().total_timeout(LIMIT)),
        ("no attempt timeout", stack().attempt_timeout(None)),
        ("an attempt timeout", stack().attempt_timeout(LIMIT)),
        ("a body idle timeout", stack().body_idle_timeout(LIMIT)),
        ("no retries", stack().without_retry()),
        ("a retry policy", stack().retry(Never)),
        ("no retry budget", stack().retry_budget(None)),
        ("no limiter", stack().rate_limit_mode(RateLimitMode::Off)),
        ("a shared limiter", stack().rate_limiter(limiter.clone())),
        ("the same limiter", stack().rate_limiter(limiter)),
        ("a ceiling", stack().concurrency_limit(1)),
        ("no cache", stack().without_cache()),
        ("no logging", stack().without_logging()),
        ("other credentials", stack().authenticator(token())),
        (
            "credentials made with the stack",
            stack().authenticator_with(|_, _| Ok(Arc::new(SswsToken::new("00canary".into())?))),
        ),
        (
            "as little as possible",
            stack()
                .without_retry()
                .without_logging()
                .rate_limit_mode(RateLimitMode::Off),
        ),
        #[cfg(feature = "cache-moka")]
        (
            "a cache",
            stack().cache(Arc::new(okta_transport::cache::MokaStore::new())),
        ),
        #[cfg(feature = "gzip")]
        ("no decompression", stack().without_decompression()),
    ])
}

#[tokio::test]
async fn each_part_can_be_left_out_or_swapped() {
    for (name, builder) in changes() {
        answers(name, builder.service(transport()).build().unwrap()).await;
    }
}

type Part = (&'static str, Box<dyn Fn(HttpService) -> HttpService>);

fn parts() -> Vec<Part> {
    fn part<L: Fn(HttpService) -> HttpService + 'static>(name: &'static str, layer: L) -> Part {
        (name, Box::new(layer))
    }
    let origin = OrgOrigin::new(&OrgUrl::parse("https://acme.okta.com").unwrap());
    Vec::from([
        part("headers", |inner| inner.layer(DefaultHeadersLayer::new())),
        part("span", |inner| inner.layer(OperationSpanLayer::new())),
        part("deadline", |inner| inner.layer(TotalTimeoutLayer::new(LIMIT))),
        part("retry", |inner| inner.layer(RetryLayer::new())),
        part("limiter", |inner| {
            inner.layer(RateLimitLayer::new(RateLimiter::new(RateLimitMode::Observe)))
        }),
        part("credentials", move |inner| {
            inner.layer(AuthLayer::new(token(), origin.clone()))
        }),
        part("attempt log", |inner| inner.layer(AttemptLogLayer::new())),
        part("attempt timeout", |inner| inner.layer(AttemptTimeoutLayer::new(LIMIT))),
        part("body idle timeout", |inner| {
            inner.layer(BodyIdleTimeoutLayer::new(LIMIT))
        }),
        #[cfg(feature = "cache-moka")]
        part("cache", |inner| {
            let store = Arc::new(okta_transport::cache::MokaStore::new());
            let principal = okta_auth::Principal::new("test", "parts");
            inner.layer(okta_transport::cache::CacheLayer::new(store, principal))
        }),
        #[cfg(feature = "gzip")]
        part("decompression", |inner| {
            inner.layer(okta_transport::body::DecompressionLayer::new())
        }),
    ])
}

#[tokio::test]
async fn the_parts_work_in_every_place() {
    let count = parts().len();
    for first in 0..count {
        for reversed in [false, true] {
            let mut order = parts();
            order.rotate_left(first);
            if reversed {
                order.reverse();
            }
            let name: Vec<&str> = order.iter().map(|(name, _)| *name).collect();
            let service = order.iter().fold(transport(), |inner, (_, layer)| layer(inner));
            answers(&name.join(", "), service).await;
        }
    }
}
