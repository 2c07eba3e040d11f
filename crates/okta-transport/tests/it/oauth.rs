//! A service app through the whole stack: tokens, proofs, nonces, renewals.

use std::{
    io,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};

use data_encoding::BASE64URL_NOPAD;
use futures_util::FutureExt;
use http::{HeaderValue, Request, Response, StatusCode};
use okta_auth::{Authenticator, ClientCredentials, Dpop, Issuer, OAuthAuthenticator, SigningAlgorithm, SigningKey};
use okta_config::OrgUrl;
use okta_transport::{Body, BoxError, HttpService, TokioClock, retry::RetryLayer};
use serde_json::Value;
use tokio::task::yield_now;

/// An org that wants another nonce in every proof, of its token endpoint and its API apart, and refuses its first token.
#[derive(Clone, Default)]
struct Org {
    tokens: Arc<AtomicUsize>,
    token_nonce: Arc<AtomicUsize>,
    api_nonce: Arc<AtomicUsize>,
    log: Arc<Mutex<Vec<String>>>,
}

impl Org {
    fn answer(&self, request: &Request<Body>) -> Response<Body> {
        let path = request.uri().path();
        let is_token = path == "/oauth2/v1/token";
        let nonce = if is_token { &self.token_nonce } else { &self.api_nonce };
        let wanted = format!("n{}", nonce.fetch_add(1, Ordering::Relaxed));
        let fresh = nonce_of(&request.headers()["dpop"]) == wanted;
        let token = request.headers().get("authorization");
        let (status, challenge, body) = if is_token && !fresh {
            (400, "", r#"{"error":"use_dpop_nonce"}"#.to_owned())
        } else if is_token {
            let number = self.tokens.fetch_add(1, Ordering::Relaxed) + 1;
            (
                200,
                "",
                format!(r#"{{"token_type":"DPoP","expires_in":3600,"access_token":"t{number}"}}"#),
            )
        } else if !fresh {
            (401, r#"DPoP error="use_dpop_nonce""#, String::new())
        } else if token.unwrap() == "DPoP t1" {
            (401, r#"DPoP error="invalid_token""#, String::new())
        } else {
            (200, "", "done".to_owned())
        };
        self.log.lock().unwrap().push(format!("{path} {status}"));
        let response = Response::builder().status(status).header("www-authenticate", challenge);
        let next = format!("n{}", nonce.load(Ordering::Relaxed));
        response.header("dpop-nonce", next).body(Body::from(body)).unwrap()
    }
}

fn nonce_of(proof: &HeaderValue) -> String {
    let claims = proof.to_str().unwrap().split('.').nth(1).unwrap();
    let claims: Value = serde_json::from_slice(&BASE64URL_NOPAD.decode(claims.as_bytes()).unwrap()).unwrap();
    claims["nonce"].as_str().unwrap_or_default().to_owned()
}

/// What is below the authenticator, and what fetches its tokens.
fn stack(transport: HttpService) -> (HttpService, OAuthAuthenticator) {
    let url = OrgUrl::parse("https://acme.okta.com").unwrap();
    let key = SigningKey::generate(SigningAlgorithm::ES256).unwrap();
    let exchange = Arc::new(transport.clone());
    let source = ClientCredentials::new(Issuer::org(&url), "0oa1", key, exchange, Arc::new(TokioClock));
    let oauth = OAuthAuthenticator::new(source.dpop(Dpop::required()), ["x"], Arc::new(TokioClock));
    let stack = HttpService::builder(&url)
        .authenticator(Arc::new(oauth.clone()))
        .service(transport)
        .build();
    (stack.unwrap(), oauth)
}

#[tokio::test(start_paused = true)]
async fn a_call_survives_a_nonce_and_a_refused_token_at_once() {
    let org = Org::default();
    let (stack, oauth) = stack(HttpService::new(tower::service_fn({
        let org = org.clone();
        move |request: Request<Body>| std::future::ready(Ok::<_, BoxError>(org.answer(&request)))
    })));
    let call = || stack.send(Request::post("https://acme.okta.com/api/v1/users").body("{}").unwrap());
    let response = call().await.unwrap();
    assert_eq!(response.status(), StatusCode::OK);
    assert_eq!(response.into_body().collect().await.unwrap(), "done");
    assert_eq!(call().await.unwrap().status(), StatusCode::OK);
    assert_eq!(
        *org.log.lock().unwrap(),
        [
            "/oauth2/v1/token 400",
            "/oauth2/v1/token 200",
            // Without a nonce; then with it, but with a token that is refused.
            "/api/v1/users 401",
            "/api/v1/users 401",
            "/oauth2/v1/token 200",
            "/api/v1/users 200",
            // What was learnt serves the next call.
            "/api/v1/users 200",
        ]
    );
    assert_eq!(oauth.granted_scopes().unwrap().to_string(), "x");
}

/// A call that is dropped after no poll, after one, and so on: the next one goes its way with whatever was left behind, and
/// no token is asked for twice.
#[tokio::test(start_paused = true)]
async fn a_call_dropped_anywhere_leaves_the_next_one_its_way() {
    let mut polls = 0;
    loop {
        let org = Org::default();
        let (stack, _) = stack(HttpService::new(tower::service_fn({
            let org = org.clone();
            move |request: Request<Body>| {
                let org = org.clone();
                async move {
                    yield_now().await;
                    let response = org.answer(&request);
                    yield_now().await;
                    Ok::<_, BoxError>(response)
                }
            }
        })));
        let call = || stack.send(Request::post("https://acme.okta.com/api/v1/users").body("{}").unwrap());
        let mut dropped = Box::pin(call());
        let mut ended = false;
        for _ in 0..polls {
            ended = (&mut dropped).now_or_never().is_some();
            if ended {
                break;
            }
            yield_now().await;
        }
        drop(dropped);
        assert_eq!(
            call().await.unwrap().status(),
            StatusCode::OK,
            "dropped after {polls} polls"
        );
        let log = org.log.lock().unwrap().clone();
        let count = |wanted: &str| log.iter().filter(|line| *line == wanted).count();
        assert_eq!(
            (count("/oauth2/v1/token 400"), count("/oauth2/v1/token 200")),
            (1, 2),
            "dropped after {polls} polls: {log:?}"
        );
        if ended {
            break;
        }
        polls += 1;
        assert!(polls < 1000, "the call never ends");
    }
    // Two requests for a token, two refused attempts and one more, each with something to wait for before and after it.
    assert!(polls > 10, "{polls}");
}

/// A request that never had a token was not sent, so even one that may not be sent twice is sent later.
#[tokio::test(start_paused = true)]
async fn a_call_is_retried_while_the_token_endpoint_cannot_be_reached() {
    let asked = Arc::new(AtomicUsize::new(0));
    let transport = HttpService::new(tower::service_fn({
        let asked = Arc::clone(&asked);
        move |request: Request<Body>| {
            let is_token = request.uri().path() == "/oauth2/v1/token";
            // Three tries are one request for a token.
            let down = is_token && asked.fetch_add(1, Ordering::Relaxed) < 3;
            std::future::ready(if down {
                Err(BoxError::from(io::Error::from(io::ErrorKind::ConnectionReset)))
            } else if is_token {
                let token = r#"{"token_type":"DPoP","expires_in":3600,"access_token":"t1"}"#;
                Ok(Response::new(Body::from(token)))
            } else {
                Ok(Response::new(Body::empty()))
            })
        }
    }));
    let stack = stack(transport).0.layer(RetryLayer::new().max_retries(5));
    let request = Request::post("https://acme.okta.com/api/v1/users").body("{}").unwrap();
    assert_eq!(stack.send(request).await.unwrap().status(), StatusCode::OK);
    assert_eq!(asked.load(Ordering::Relaxed), 4);
}
