//! The public surface of okta-transport.

#![expect(
    clippy::unwrap_used,
    reason = "clippy excepts test functions by itself, but not their helpers"
)]

#[cfg(all(unix, feature = "hyper", any(feature = "aws-lc-rs", feature = "ring")))]
mod addresses;
mod buffered_bodies;
mod builder;
mod cache;
mod capture;
#[cfg(feature = "cassette")]
mod cassette;
mod composition;
mod custom_transport;
mod injected_clock;
mod logging;
mod logging_secrets;
mod manual_clock;
mod rate_limiter;
mod readiness;
mod retry;
mod stack_order;
mod stack_parts;
mod switched_credentials;

#[cfg(all(feature = "hyper", any(feature = "aws-lc-rs", feature = "ring")))]
mod broken_bodies;
#[cfg(all(feature = "hyper", any(feature = "aws-lc-rs", feature = "ring")))]
mod connecting;
#[cfg(all(feature = "gzip", feature = "hyper", any(feature = "aws-lc-rs", feature = "ring")))]
mod decompression;
#[cfg(all(unix, feature = "hyper", any(feature = "aws-lc-rs", feature = "ring")))]
mod local_proxy;
#[cfg(all(feature = "hyper", any(feature = "aws-lc-rs", feature = "ring")))]
mod local_server;
mod log_capture;
mod metrics;
#[cfg(all(feature = "private-key", any(feature = "aws-lc-rs", feature = "ring")))]
mod oauth;
#[cfg(all(feature = "hyper", any(feature = "aws-lc-rs", feature = "ring")))]
mod over_the_wire;
#[cfg(all(unix, feature = "hyper", any(feature = "aws-lc-rs", feature = "ring")))]
mod proxies;
#[cfg(all(feature = "hyper", any(feature = "aws-lc-rs", feature = "ring")))]
mod tls;
mod unsent;
#[cfg(all(feature = "hyper", not(any(feature = "aws-lc-rs", feature = "ring"))))]
mod without_cryptography;

use http::{Request, StatusCode};
use okta_auth::{ReviewOutcome, SharedAuthenticator, SswsToken};
use okta_config::OrgUrl;
use okta_transport::{Body, HttpService, StackBuilder};

const USERS: &str = "https://acme.okta.com/api/v1/users";

/// The default stack for an org that does not exist, with a token.
fn stack() -> StackBuilder {
    HttpService::builder(&OrgUrl::parse("https://acme.okta.com").unwrap()).authenticator(token())
}

fn token() -> SharedAuthenticator {
    SswsToken::new("00canary".into()).unwrap().into()
}

/// The review of an authenticator that renews its credentials whenever they are refused.
fn replay_refused(status: StatusCode) -> ReviewOutcome {
    match status {
        StatusCode::UNAUTHORIZED => ReviewOutcome::Replay,
        _ => ReviewOutcome::Accept,
    }
}

fn get(uri: &str) -> Request<Body> {
    Request::get(uri).body(Body::empty()).unwrap()
}

/// Lets every task go as far as it can without waiting for anything outside.
async fn settle() {
    for _ in 0..100 {
        tokio::task::yield_now().await;
    }
}
