//! Own implementations, written as `async fn`, behind `Arc` and the shared handles.

use std::{
    future::Future,
    pin::pin,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    task::{Context, Waker},
    time::Duration,
};

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method, Request, Response, StatusCode, Uri};
use okta_auth::{
    AccessToken, AssertionRequest, AssertionSigner, AssertionSource, Attempt, AuthError, Authenticator,
    ClientCredentials, Credentials, HttpExchange, OAuthAuthenticator, OAuthError, Principal, ReviewOutcome, ScopeSet,
    SharedAssertionSigner, SharedAssertionSource, SharedAuthenticator, SharedHttpExchange, SharedTokenSource,
    SignError, SigningAlgorithm, SswsToken, TokenSource,
};
use secrecy::SecretString;

use crate::support::{Endpoint, ManualClock, org, token};

const CANARY: &str = "canary-51c0";

/// Holds a secret in the clear and has no `Debug`, as some programs do.
struct Own {
    secret: &'static str,
    principal: Principal,
    calls: AtomicU32,
}

impl Own {
    fn new() -> Arc<Self> {
        Arc::new(Self {
            secret: CANARY,
            principal: Principal::new("vault", "a"),
            calls: AtomicU32::new(0),
        })
    }

    async fn secret(&self) -> &'static str {
        tokio::task::yield_now().await;
        self.calls.fetch_add(1, Ordering::Relaxed);
        self.secret
    }

    fn calls(&self) -> u32 {
        self.calls.load(Ordering::Relaxed)
    }
}

impl Authenticator for Own {
    async fn credentials(&self, _: Attempt<'_>) -> Result<Credentials, AuthError> {
        let value = HeaderValue::from_static(self.secret().await);
        Ok(Credentials::authorization(value).with_generation(7))
    }

    async fn review(&self, used: &Credentials, status: StatusCode, _: &HeaderMap) -> ReviewOutcome {
        self.secret().await;
        match (used.generation(), status) {
            (7, StatusCode::UNAUTHORIZED) => ReviewOutcome::Replay,
            _ => ReviewOutcome::Accept,
        }
    }

    fn may_replay(&self) -> bool {
        false
    }

    fn principal(&self) -> &Principal {
        &self.principal
    }

    fn granted_scopes(&self) -> Option<ScopeSet> {
        Some(["granted"].into_iter().collect())
    }

    fn requested_scopes(&self) -> Option<ScopeSet> {
        Some(["requested"].into_iter().collect())
    }

    fn effective_scopes(&self) -> Option<ScopeSet> {
        Some(["effective"].into_iter().collect())
    }

    fn invalidate_token(&self) {
        self.calls.fetch_add(100, Ordering::Relaxed);
    }
}

impl TokenSource for Own {
    async fn fetch(&self, _: &ScopeSet) -> Result<AccessToken, OAuthError> {
        AccessToken::bearer(&self.secret().await.into(), Duration::from_secs(60))
    }

    fn principal(&self) -> &Principal {
        &self.principal
    }
}

impl AssertionSigner for Own {
    fn algorithm(&self) -> SigningAlgorithm {
        SigningAlgorithm::ES384
    }

    fn key_id(&self) -> Option<&str> {
        Some("k1")
    }

    async fn sign(&self, _: &[u8]) -> Result<Vec<u8>, SignError> {
        Ok(self.secret().await.into())
    }
}

impl AssertionSource for Own {
    async fn assertion(&self, _: &AssertionRequest<'_>) -> Result<SecretString, SignError> {
        Ok(self.secret().await.into())
    }
}

impl HttpExchange for Own {
    async fn exchange(&self, _: Request<Bytes>) -> Result<Response<Bytes>, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Response::new(self.secret().await.into()))
    }
}

#[tokio::test]
async fn an_arc_and_every_handle_reach_the_same_object() {
    let own = Own::new();
    let (uri, scopes) = (Uri::from_static("https://acme.okta.com/"), ScopeSet::default());

    // An `Arc` goes in wherever the value does, and the caller keeps its own.
    let authenticator = SharedAuthenticator::from(own.clone());
    let used = authenticator
        .credentials(Attempt::new(&Method::GET, &uri))
        .await
        .unwrap();
    assert_eq!(used.headers()["authorization"], CANARY);
    let refused = authenticator
        .review(&used, StatusCode::UNAUTHORIZED, &HeaderMap::new())
        .await;
    assert_eq!(refused, ReviewOutcome::Replay);
    assert!(!authenticator.may_replay(), "no method falls back to its default");
    let shown = |scopes: Option<ScopeSet>| scopes.unwrap().to_string();
    assert_eq!(shown(authenticator.granted_scopes()), "granted");
    assert_eq!(shown(authenticator.requested_scopes()), "requested");
    assert_eq!(shown(authenticator.effective_scopes()), "effective");

    let source = SharedTokenSource::from(own.clone());
    source.clone().fetch(&scopes).await.unwrap();
    let signer = SharedAssertionSigner::from(own.clone());
    assert_eq!(
        (signer.algorithm(), signer.key_id()),
        (SigningAlgorithm::ES384, Some("k1"))
    );
    assert_eq!(signer.sign(b"message").await.unwrap(), CANARY.as_bytes());
    let assertions = SharedAssertionSource::from(own.clone());
    let wanted = AssertionRequest::new("a", "b", 0);
    assertions.assertion(&wanted).await.unwrap();
    let exchange = SharedHttpExchange::from(own.clone());
    exchange.exchange(Request::new(Bytes::new())).await.unwrap();

    assert_eq!(own.calls(), 6);
    authenticator.clone().invalidate_token();
    assert_eq!(own.calls(), 106);
}

#[test]
fn no_handle_shows_what_it_holds() {
    let own = Own::new();
    let shown = format!(
        "{:?} {:?} {:?} {:?} {:?}",
        SharedAuthenticator::new(own.clone()),
        SharedTokenSource::new(own.clone()),
        SharedAssertionSigner::new(own.clone()),
        SharedAssertionSource::new(own.clone()),
        SharedHttpExchange::new(own.clone()),
    );
    assert!(!shown.contains(CANARY), "{shown}");
    assert_eq!(
        shown,
        r#"SharedAuthenticator("vault:a") SharedTokenSource("vault:a") SharedAssertionSigner { algorithm: ES384, key_id: Some("k1"), .. } SharedAssertionSource SharedHttpExchange"#
    );
    let oauth = OAuthAuthenticator::new(own, ["a"], Arc::new(ManualClock::new()));
    assert!(!format!("{oauth:?}").contains(CANARY));
}

/// A future may be polled once and then kept without being polled again: no other call waits for it.
#[tokio::test]
async fn a_future_that_is_polled_once_and_left_blocks_no_other_call() {
    let own = Own::new();
    let authenticator = SharedAuthenticator::new(own.clone());
    let uri = Uri::from_static("https://acme.okta.com/");
    let mut left = pin!(authenticator.credentials(Attempt::new(&Method::GET, &uri)));
    assert!(left.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
    authenticator
        .credentials(Attempt::new(&Method::GET, &uri))
        .await
        .unwrap();
    assert_eq!(own.calls(), 1);

    // The same for a token that all calls wait for: the fetch runs by itself.
    let oauth = SharedAuthenticator::new(OAuthAuthenticator::new(
        own.clone(),
        ["a"],
        Arc::new(ManualClock::new()),
    ));
    let mut first = oauth.credentials(Attempt::new(&Method::GET, &uri));
    assert!(
        first
            .as_mut()
            .poll(&mut Context::from_waker(Waker::noop()))
            .is_pending()
    );
    oauth.credentials(Attempt::new(&Method::GET, &uri)).await.unwrap();
    assert_eq!(own.calls(), 2, "one fetch for both");
}

#[tokio::test]
async fn shared_parts_serve_several_token_sources() {
    let (endpoint, clock) = (
        Endpoint::new(|asked| Ok(token(asked, 3600))),
        Arc::new(ManualClock::new()),
    );
    let own = Own::new();
    let exchange = SharedHttpExchange::from(endpoint.clone());
    for client_id in ["a", "b"] {
        let issuer = okta_auth::Issuer::org(&org());
        let source = ClientCredentials::new(issuer, client_id, own.clone(), exchange.clone(), clock.clone());
        source.fetch(&ScopeSet::default()).await.unwrap();
    }
    assert_eq!((own.calls(), endpoint.count()), (2, 2));
}

#[tokio::test]
async fn a_response_is_kept_unless_the_authenticator_says_otherwise() {
    let authenticator = SharedAuthenticator::new(SswsToken::new("00canary".into()).unwrap());
    let verdict = authenticator
        .review(&Credentials::none(), StatusCode::UNAUTHORIZED, &HeaderMap::new())
        .await;
    assert_eq!(verdict, ReviewOutcome::Accept);
}

struct Broken(Principal);

impl Authenticator for Broken {
    async fn credentials(&self, _: Attempt<'_>) -> Result<Credentials, AuthError> {
        Err(AuthError::other("the vault is sealed"))
    }

    fn principal(&self) -> &Principal {
        &self.0
    }
}

#[tokio::test]
async fn a_failed_source_is_the_source_of_the_error() {
    let uri = Uri::from_static("https://acme.okta.com/");
    let error = Broken(Principal::new("vault", "a"))
        .credentials(Attempt::new(&Method::GET, &uri))
        .await
        .unwrap_err();
    assert_eq!(error.to_string(), "no credentials could be obtained");
    assert_eq!(
        std::error::Error::source(&error).unwrap().to_string(),
        "the vault is sealed"
    );
}
