//! Your own stack, from the layers of this SDK, tower and tower-http, in any order.
//!
//! `OktaClient::builder()` builds the default stack; with your own you see every part, and can reorder it or leave it out.

use std::{sync::Arc, time::Duration};

use http::{Request, Response};
use okta_client::{
    Body, OktaClient, OrgUrl,
    auth::{OrgOrigin, SswsToken},
    transport::{
        AttemptTimeoutLayer, AuthLayer, DeadlineLayer, DecompressionLayer, DefaultHeadersLayer, HyperService,
        RateLimitMode, RateLimiter, RateLimiterLayer, RetryLayer,
    },
};
use okta_emulator::Emulator;
use okta_examples::{Outcome, ca, serve};
use tower::{ServiceBuilder, limit::ConcurrencyLimitLayer};
use tower_http::request_id::{MakeRequestUuid, SetRequestIdLayer};

#[tokio::main]
async fn main() -> Outcome {
    let emulator = Emulator::builder().users(3).build()?;
    let server = serve(&emulator).await?;
    let org_url = OrgUrl::parse(server.url())?;
    let token = SswsToken::new(emulator.token().to_owned().into())?;
    let hyper = HyperService::builder(&org_url)
        .root_certificate_pem(ca(&server)?)
        .http1_only()
        .build()?;

    let stack = ServiceBuilder::new()
        // Once per call.
        .layer(DefaultHeadersLayer::new().user_agent("own-stack/1.0")?)
        .layer(SetRequestIdLayer::x_request_id(MakeRequestUuid))
        .layer(DeadlineLayer::new(Duration::from_secs(60)))
        .layer(RetryLayer::new().max_retries(5))
        // Once per attempt.
        .layer(RateLimiterLayer::new(RateLimiter::new(RateLimitMode::Observe)))
        .layer(ConcurrencyLimitLayer::new(4))
        .layer(AuthLayer::new(Arc::new(token), OrgOrigin::new(&org_url)))
        .map_request(|request: Request<Body>| {
            let id = request.headers().get("x-request-id").map(|id| id.len());
            println!("sent      {} {}, request id of {id:?} characters", request.method(), request.uri().path());
            request
        })
        .map_response(|response: Response<_>| {
            println!("status    {}", response.status());
            response
        })
        .layer(AttemptTimeoutLayer::new(Duration::from_secs(10)))
        .layer(DecompressionLayer::new())
        .service(hyper);

    let okta = OktaClient::from_service(org_url, stack);
    let users = okta.users().list().limit(2).stream().try_collect().await?;
    println!("listed    {} users, two a page", users.len());
    Ok(())
}
