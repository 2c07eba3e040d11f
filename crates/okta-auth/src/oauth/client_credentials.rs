use std::{
    error::Error,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use bytes::Bytes;
use http::{Method, Request, header};
use secrecy::ExposeSecret;
use url::form_urlencoded;

use crate::{
    authenticator::principal::Principal,
    clock::Clock,
    error::oauth_error::{OAuthError, ResponseFacts},
    http_exchange::SharedHttpExchange,
    oauth::{
        assertion::{
            signed::SignedAssertions,
            signer::SharedAssertionSigner,
            source::{AssertionRequest, SharedAssertionSource},
        },
        dpop::{
            headers::DPOP,
            key::{DpopKey, Proof},
            keys::DpopKeys,
            nonces::Nonces,
            settings::Dpop,
        },
        issuer::Issuer,
        server_time::ServerTime,
        token::{
            access_token::AccessToken,
            response::{granted_token, refusal, response_facts},
            source::TokenSource,
        },
    },
    random::backoff,
    scope_set::ScopeSet,
};

/// A token source for a service app: the client credentials grant (RFC 6749 §4.4) with a signed assertion
/// (`private_key_jwt`, RFC 7523).
///
/// Each request has its own assertion, and its own proof if tokens are bound to a key ([`Dpop`]): Okta takes
/// neither twice, not even after a 429. What the token endpoint asks for is done once per token (a proof, the right time),
/// or up to three times (a new nonce in the proof). What is transient is tried up to three times. See
/// [Okta's guide](https://developer.okta.com/docs/guides/implement-oauth-for-okta-serviceapp/main/).
#[derive(Debug)]
pub struct ClientCredentials {
    issuer: Issuer,
    client_id: Box<str>,
    assertion: SharedAssertionSource,
    exchange: SharedHttpExchange,
    clock: Arc<dyn Clock>,
    time: ServerTime,
    keys: DpopKeys,
    /// Whether the token endpoint has asked for a proof.
    proof_demanded: AtomicBool,
    nonces: Nonces,
    principal: Principal,
}

/// A longer delay is left to the caller.
const LONGEST_WAIT: Duration = Duration::from_secs(20);
const ATTEMPTS: u32 = 3;

impl ClientCredentials {
    /// Fetches tokens of this issuer for this app, with assertions that `signer` signs: a [`SigningKey`](crate::SigningKey), or
    /// an [`AssertionSigner`](crate::AssertionSigner) of your own.
    pub fn new(
        issuer: Issuer,
        client_id: impl Into<String>,
        signer: impl Into<SharedAssertionSigner>,
        exchange: impl Into<SharedHttpExchange>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        let assertions = SignedAssertions::new(signer.into());
        Self::with_assertions(issuer, client_id, assertions, exchange, clock)
    }

    /// Fetches tokens with assertions that are made elsewhere: by your own [`AssertionSource`](crate::AssertionSource), or a
    /// [`GivenAssertion`](crate::GivenAssertion).
    pub fn with_assertions(
        issuer: Issuer,
        client_id: impl Into<String>,
        assertions: impl Into<SharedAssertionSource>,
        exchange: impl Into<SharedHttpExchange>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        let client_id = client_id.into();
        Self {
            principal: Principal::new("oauth", &format!("{client_id}@{issuer}")),
            issuer,
            client_id: client_id.into(),
            assertion: assertions.into(),
            exchange: exchange.into(),
            time: ServerTime::new(Arc::clone(&clock)),
            clock,
            keys: DpopKeys::new(Dpop::default()),
            proof_demanded: AtomicBool::new(false),
            nonces: Nonces::default(),
        }
    }

    /// Sets whether tokens are bound to a key. By default they are as soon as the token endpoint asks for it.
    #[must_use]
    pub fn dpop(mut self, settings: Dpop) -> Self {
        self.keys = DpopKeys::new(settings);
        self
    }

    async fn fetch_token(&self, scopes: &ScopeSet) -> Result<AccessToken, OAuthError> {
        let mut attempts = 1;
        let mut done = Done::default();
        loop {
            let (error, remedy) = match self.attempt(scopes).await {
                Ok(token) => return Ok(token),
                Err(refused) => refused,
            };
            if remedy.is_some_and(|remedy| done.may_try(remedy)) {
                tracing::debug!(error = error.error(), ?remedy, "requesting the access token again");
                continue;
            }
            let wait = error.retry_after().unwrap_or_else(|| backoff(attempts));
            if !error.is_transient() || attempts >= ATTEMPTS || wait > LONGEST_WAIT {
                return Err(error);
            }
            attempts += 1;
            tracing::debug!(%error, ?wait, "no access token yet, trying again");
            self.clock.sleep(wait).await;
        }
    }

    /// One request, with its own assertion and proof.
    async fn attempt(&self, scopes: &ScopeSet) -> Result<AccessToken, (OAuthError, Option<Remedy>)> {
        let endpoint = self.issuer.token_endpoint();
        let mut request = self.request(scopes).await.map_err(|error| (error, None))?;
        let key = self.key().map_err(|error| (error, None))?;
        let nonce = match key {
            Some(_) => self.nonces.take(request.uri(), &*self.clock).await,
            None => self.nonces.none(request.uri()),
        };
        if let Some(key) = &key {
            let proof = key.prove(&Proof {
                method: request.method(),
                uri: request.uri(),
                issued_at: self.time.now(),
                nonce: nonce.nonce(),
                access_token_hash: None,
            });
            let proof = proof.map_err(|error| (error.into(), None))?;
            request.headers_mut().insert(DPOP.clone(), proof);
        }
        let response = self
            .exchange
            .exchange(request)
            .await
            .map_err(|cause| self.unreachable(cause))?;
        let clock_was_wrong = self.time.learn(response.headers());
        let new_nonce = nonce.learn(response.headers());
        if response.status().is_success() {
            nonce.settle(false, new_nonce, self.clock.now());
            let must_be_bound = self.keys.settings().required;
            return granted_token(response.body(), key, must_be_bound).map_err(|error| {
                let facts = response_facts(endpoint, response.status(), response.headers());
                (error.with_response(facts), None)
            });
        }
        let error = refusal(endpoint, &response);
        let remedy = match error.error() {
            Some("use_dpop_nonce" | "invalid_dpop_proof") if key.is_none() => {
                self.proof_demanded.store(true, Ordering::Relaxed);
                Some(Remedy::Proof)
            }
            Some("use_dpop_nonce" | "invalid_dpop_proof") if new_nonce => Some(Remedy::Nonce),
            Some("invalid_dpop_proof" | "invalid_client" | "invalid_grant") if clock_was_wrong => Some(Remedy::Time),
            _ => None,
        };
        nonce.settle(remedy == Some(Remedy::Nonce), new_nonce, self.clock.now());
        Err((error, remedy))
    }

    async fn request(&self, scopes: &ScopeSet) -> Result<Request<Bytes>, OAuthError> {
        let endpoint = self.issuer.token_endpoint();
        let wanted = AssertionRequest::new(&self.client_id, endpoint, self.time.now());
        let assertion = self.assertion.assertion(&wanted).await?;
        let body = form_urlencoded::Serializer::new(String::new())
            .append_pair("grant_type", "client_credentials")
            .append_pair("scope", &scopes.to_string())
            .append_pair(
                "client_assertion_type",
                "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
            )
            .append_pair("client_assertion", assertion.expose_secret())
            .finish();
        Request::builder()
            .method(Method::POST)
            .uri(endpoint)
            .header(header::ACCEPT, "application/json")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Bytes::from(body))
            .map_err(OAuthError::other)
    }

    fn key(&self) -> Result<Option<Arc<DpopKey>>, OAuthError> {
        let wanted = self.keys.settings().required || self.proof_demanded.load(Ordering::Relaxed);
        wanted
            .then(|| self.keys.current(self.clock.now()))
            .transpose()
            .map_err(Into::into)
    }

    fn unreachable(&self, cause: Box<dyn Error + Send + Sync>) -> (OAuthError, Option<Remedy>) {
        let facts = ResponseFacts {
            endpoint: self.issuer.token_endpoint().into(),
            ..ResponseFacts::default()
        };
        (OAuthError::unreachable(cause).with_response(facts), None)
    }
}

/// The remedy for a refusal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Remedy {
    /// Prove the possession of a key.
    Proof,
    /// Put the server's nonce into the proof.
    Nonce,
    /// Go by the server's clock.
    Time,
}

#[derive(Default)]
struct Done(Vec<Remedy>);

impl Done {
    fn may_try(&mut self, remedy: Remedy) -> bool {
        let most = match remedy {
            // Requests at the same time take nonces away from each other that are accepted once.
            Remedy::Nonce => 3,
            Remedy::Proof | Remedy::Time => 1,
        };
        let tried = self.0.iter().filter(|tried| **tried == remedy).count();
        self.0.push(remedy);
        tried < most
    }
}

impl TokenSource for ClientCredentials {
    async fn fetch(&self, scopes: &ScopeSet) -> Result<AccessToken, OAuthError> {
        self.fetch_token(scopes).await
    }

    fn principal(&self) -> &Principal {
        &self.principal
    }
}
