//! F7: the limiter counts what was sent, and believes the server rather than a guess.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use http::{Method, Request, Response, StatusCode, Uri, header};
use okta_auth::{Attempt, AuthError, Authenticator, Credentials, OrgOrigin, Principal, SharedAuthenticator};
use okta_config::OrgUrl;
use okta_transport::{
    Body, BoxError, ConnectError, HttpService, TimeoutError, TimeoutKind,
    auth::AuthLayer,
    rate_limit::{RateLimitLayer, RateLimitMode, RateLimitShare, RateLimiter},
};
use tower::{Service, ServiceBuilder};

use super::org::Org;
use crate::{USERS, get};

/// An org with 60 requests a minute, of which 59 are left, and a limiter that knows it.
async fn known_window(mode: RateLimitMode) -> (Org, RateLimiter) {
    let org = Org {
        latency: (0, 0),
        ..Org::new(60)
    };
    let limiter = RateLimiter::builder()
        .mode(mode)
        .clock(Arc::new(org.clock.clone()))
        .build();
    org.client(&limiter).send(get(USERS)).await.unwrap();
    (org, limiter)
}

const MODES: [RateLimitMode; 2] = [RateLimitMode::Observe, RateLimitMode::Pace(RateLimitShare::ALL)];

/// A client whose requests all come to this.
fn answering(
    limiter: &RateLimiter,
    answer: impl Fn() -> Result<Response<Body>, BoxError> + Clone + Send + Sync + 'static,
) -> HttpService {
    let transport = tower::service_fn(move |_: Request<Body>| std::future::ready(answer()));
    HttpService::new(
        ServiceBuilder::new()
            .layer(RateLimitLayer::new(limiter.clone()))
            .service(transport),
    )
}

/// A request after all this is sent at once, and the limiter knows what the server reported.
async fn goes_at_once(org: &Org, limiter: &RateLimiter) {
    assert_eq!(limiter.buckets()[0].rate_limit.unwrap().remaining, 59);
    let passed = org.clock.passed();
    assert_eq!(
        org.client(limiter).send(get(USERS)).await.unwrap().status(),
        StatusCode::OK
    );
    assert_eq!(org.clock.passed(), passed);
    assert_eq!(org.tally(), (vec![2], 0));
}

fn no_connection() -> BoxError {
    ConnectError::new(&Uri::from_static(USERS), "refused").into()
}

fn connect_timeout() -> BoxError {
    TimeoutError::new(TimeoutKind::Connect, Duration::from_millis(20)).into()
}

fn no_token() -> BoxError {
    AuthError::other("the vault is locked").into()
}

#[tokio::test(start_paused = true)]
async fn f7_what_was_never_sent_is_not_counted() {
    for mode in MODES {
        for error in [no_connection, connect_timeout, no_token] {
            let (org, limiter) = known_window(mode).await;
            let client = answering(&limiter, move || Err(error()));
            for _ in 0..600 {
                client.send(get(USERS)).await.unwrap_err();
            }
            goes_at_once(&org, &limiter).await;
        }
    }
}

/// An authenticator, and a request that goes no further.
type Refused = (SharedAuthenticator, fn() -> Request<Body>);

/// Has no credentials.
#[derive(Debug)]
struct Locked(Principal);

impl Authenticator for Locked {
    async fn credentials(&self, _: Attempt<'_>) -> Result<Credentials, AuthError> {
        Err(AuthError::other("the vault is locked"))
    }

    fn principal(&self) -> &Principal {
        &self.0
    }
}

#[tokio::test(start_paused = true)]
async fn f7_what_the_auth_layer_refuses_is_not_counted() {
    let origin = || OrgOrigin::new(&OrgUrl::parse("https://acme.okta.com").unwrap());
    let taken = || {
        let mut request = get(USERS);
        let value = "Bearer mine".parse().unwrap();
        request.headers_mut().insert(header::AUTHORIZATION, value);
        request
    };
    let foreign_host = || {
        let mut request = get(USERS);
        request
            .headers_mut()
            .insert(header::HOST, "evil.example".parse().unwrap());
        request
    };
    let locked = SharedAuthenticator::new(Locked(Principal::new("test", "locked")));
    let cases: [Refused; 3] = [
        (crate::token(), taken),
        (crate::token(), foreign_host),
        (locked, || get(USERS)),
    ];
    for mode in MODES {
        for (authenticator, request) in &cases {
            let (org, limiter) = known_window(mode).await;
            let sent = org.client(&RateLimiter::new(RateLimitMode::Off));
            let service = ServiceBuilder::new()
                .layer(RateLimitLayer::new(limiter.clone()))
                .layer(AuthLayer::new(authenticator.clone(), origin()))
                .service(sent);
            let client = HttpService::new(service);
            for _ in 0..600 {
                client.send(request()).await.unwrap_err();
            }
            goes_at_once(&org, &limiter).await;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn f7_a_gateway_that_says_nothing_of_the_limit_lowers_nothing() {
    for mode in MODES {
        for status in [500, 502, 503, 504] {
            let (org, limiter) = known_window(mode).await;
            let client = answering(&limiter, move || {
                Ok(Response::builder().status(status).body(Body::empty()).unwrap())
            });
            for _ in 0..600 {
                let request = Request::builder().method(Method::POST).uri(USERS).body(Body::empty());
                client.send(request.unwrap()).await.unwrap();
            }
            goes_at_once(&org, &limiter).await;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn f7_what_was_lost_is_a_guess_that_the_next_figure_corrects() {
    for mode in MODES {
        let (org, limiter) = known_window(mode).await;
        // Every other one arrives, and is counted.
        let lost = Arc::new(Mutex::new(0));
        let transport = {
            let (org, lost) = (org.clone(), lost.clone());
            tower::service_fn(move |request: Request<Body>| {
                let mut client = org.client(&RateLimiter::new(RateLimitMode::Off));
                let arrives = {
                    let mut lost = lost.lock().unwrap();
                    *lost += 1;
                    *lost % 2 == 0
                };
                async move {
                    if arrives {
                        client.call(request).await?;
                    }
                    Err::<Response<Body>, BoxError>(std::io::Error::from(std::io::ErrorKind::ConnectionReset).into())
                }
            })
        };
        let service = ServiceBuilder::new()
            .layer(RateLimitLayer::new(limiter.clone()))
            .service(transport);
        let losing = HttpService::new(service);
        for _ in 0..10 {
            losing.send(get(USERS)).await.unwrap_err();
        }
        // 1 and 5 have been used; all that is left can be.
        let client = org.client(&limiter);
        for remaining in (0..54).rev() {
            client.send(get(USERS)).await.unwrap();
            assert_eq!(limiter.buckets()[0].rate_limit.unwrap().remaining, remaining);
        }
        assert_eq!(org.clock.passed(), Duration::ZERO);
        assert_eq!(org.tally(), (vec![60], 0));
    }
}
