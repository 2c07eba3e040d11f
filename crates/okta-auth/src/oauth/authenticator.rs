use std::{
    collections::HashMap,
    sync::{Arc, Mutex, OnceLock, PoisonError},
    time::Duration,
};

use http::{HeaderMap, StatusCode};

use crate::{
    authenticator::{
        Attempt, Authenticator, ReviewOutcome, credentials::Credentials, principal::Principal,
        token_observer::TokenObserver,
    },
    clock::Clock,
    error::auth_error::AuthError,
    oauth::{
        dpop::{
            headers::DPOP,
            key::Proof,
            nonces::{NonceUse, Nonces},
        },
        server_time::ServerTime,
        token::{
            renewal::{Held, TokenEntry, Windows},
            response::challenge_error,
            source::SharedTokenSource,
        },
    },
    scope_set::ScopeSet,
};

/// An authenticator that fetches OAuth 2.0 access tokens when they are needed and renews them before they expire.
///
/// - One request fetches the token that all calls need. Dropping a call does not stop it.
/// - A token is renewed ahead of its end while it is still used (five minutes, or half its life if it is short), so that
///   hardly any call waits. If the next token cannot be fetched, the last one serves until it expires, and the token
///   endpoint is asked again at growing intervals; after that, calls fail with the [`OAuthError`](crate::OAuthError).
/// - A token that is refused (401) is replaced and the attempt replayed. A server that refuses new tokens too is not
///   asked for one on every call.
/// - For a token that is bound to a key, each attempt gets its own proof, with the nonce the server wants.
///
/// Nothing runs until the first call, and the same authenticator serves any number of runtimes. Clones, and those made with
/// [`with_scopes`](Self::with_scopes), share the tokens; those of other scopes are kept apart.
///
/// ```
/// use std::sync::Arc;
/// use okta_auth::{ClientCredentials, Clock, HttpExchange, Issuer, OAuthAuthenticator, SigningKey};
/// use okta_config::OrgUrl;
///
/// # fn main() {}
/// fn authenticator(
///     exchange: impl HttpExchange,
///     clock: Arc<dyn Clock>,
/// ) -> Result<OAuthAuthenticator, Box<dyn std::error::Error>> {
///     let issuer = Issuer::org(&OrgUrl::parse("https://acme.okta.com")?);
///     let key = SigningKey::read("/etc/acme/okta.pem")?.with_key_id("k1");
///     let source = ClientCredentials::new(issuer, "0oa1234567890", key, exchange, clock.clone());
///     Ok(OAuthAuthenticator::new(source, ["okta.users.read"], clock))
/// }
/// ```
#[derive(Clone, Debug)]
pub struct OAuthAuthenticator {
    windows: Windows,
    time: ServerTime,
    nonces: Arc<Nonces>,
    entries: Arc<Mutex<HashMap<ScopeSet, Arc<TokenEntry>>>>,
    /// The one for the scopes of this authenticator.
    entry: Arc<TokenEntry>,
}

/// If there are more, those that are not in use are dropped.
const MOST_SCOPE_SETS: usize = 64;

impl OAuthAuthenticator {
    /// Sends tokens of `source` with these scopes.
    pub fn new<S: AsRef<str>>(
        source: impl Into<SharedTokenSource>,
        scopes: impl IntoIterator<Item = S>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        let scopes: ScopeSet = scopes.into_iter().collect();
        let entry = Arc::new(TokenEntry::new(scopes.clone()));
        Self {
            time: ServerTime::new(Arc::clone(&clock)),
            windows: Windows {
                source: source.into(),
                clock,
                renewal_offset: Duration::from_secs(5 * 60),
                observer: Arc::new(OnceLock::new()),
            },
            nonces: Arc::default(),
            entries: Arc::new(Mutex::new(HashMap::from([(scopes, Arc::clone(&entry))]))),
            entry,
        }
    }

    /// Sets how long before its end a token is renewed; 5 minutes unless set. For a token that lives less than twice as long
    /// it is half its life.
    #[must_use]
    pub const fn renewal_offset(mut self, offset: Duration) -> Self {
        self.windows.renewal_offset = offset;
        self
    }

    /// Returns the same caller with other scopes, for calls that should be able to do less, or need more.
    ///
    /// It is the same principal, with which it shares the rate limits. Caches tell the two apart by their
    /// [`effective_scopes`](Authenticator::effective_scopes).
    #[must_use]
    pub fn with_scopes<S: AsRef<str>>(&self, scopes: impl IntoIterator<Item = S>) -> Self {
        let scopes: ScopeSet = scopes.into_iter().collect();
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        if entries.len() >= MOST_SCOPE_SETS {
            entries.retain(|_, entry| Arc::strong_count(entry) > 1);
        }
        let new = || Arc::new(TokenEntry::new(scopes.clone()));
        Self {
            entry: Arc::clone(entries.entry(scopes.clone()).or_insert_with(new)),
            ..self.clone()
        }
    }

    /// The requested scopes.
    #[must_use]
    pub fn scopes(&self) -> &ScopeSet {
        self.entry.scopes()
    }

    async fn credentials_of(&self, held: &Held, attempt: Attempt<'_>) -> Result<Credentials, AuthError> {
        let credentials =
            Credentials::authorization(held.token.authorization().clone()).with_generation(held.generation);
        let Some(binding) = held.token.binding() else {
            return Ok(credentials);
        };
        let nonce = self.nonces.take(attempt.uri(), &*self.windows.clock).await;
        let proof = binding.key.prove(&Proof {
            method: attempt.method(),
            uri: attempt.uri(),
            issued_at: self.time.now(),
            nonce: nonce.nonce(),
            access_token_hash: Some(&binding.token_hash),
        });
        let proof = proof.map_err(AuthError::other)?;
        Ok(credentials.with_header(DPOP.clone(), proof).with_context(nonce))
    }

    fn verdict(&self, used: &Credentials, status: StatusCode, headers: &HeaderMap) -> ReviewOutcome {
        let proof_is_wrong = self.proof_is_wrong(used, status, headers);
        if proof_is_wrong == Some(Remedy::NewProof) {
            return ReviewOutcome::ReplayWithProof;
        }
        if status != StatusCode::UNAUTHORIZED {
            self.entry.taken(used.generation());
            return ReviewOutcome::Accept;
        }
        // Another token would have the same scopes, and the same key to prove.
        let no_help = proof_is_wrong.is_some() || challenge_error(headers).as_deref() == Some("insufficient_scope");
        if !no_help && self.entry.refused(used.generation(), self.windows.clock.now()) {
            ReviewOutcome::Replay
        } else {
            ReviewOutcome::Accept
        }
    }

    /// Learns from the response what the next proof needs. `None` if this response is not about the proof.
    ///
    /// A server that wants a nonce sends it along and says so in `WWW-Authenticate` (RFC 9449 §9). A server that says so only
    /// in the body, which is not read yet, is understood if there was no nonce in the proof. If there was one, the cause may
    /// as well be the token, and a new token gets a new proof.
    fn proof_is_wrong(&self, used: &Credentials, status: StatusCode, headers: &HeaderMap) -> Option<Remedy> {
        let proof = used.context::<NonceUse>()?;
        let clock_was_wrong = self.time.learn(headers);
        let new_nonce = proof.learn(headers);
        let remedy = match challenge_error(headers).as_deref() {
            _ if !matches!(status, StatusCode::UNAUTHORIZED | StatusCode::BAD_REQUEST) => None,
            Some("use_dpop_nonce" | "invalid_dpop_proof") if new_nonce || clock_was_wrong => Some(Remedy::NewProof),
            Some("use_dpop_nonce" | "invalid_dpop_proof") => Some(Remedy::None),
            None if clock_was_wrong || (new_nonce && proof.nonce().is_none()) => Some(Remedy::NewProof),
            _ => None,
        };
        let refused = new_nonce && remedy == Some(Remedy::NewProof);
        proof.settle(refused, new_nonce, self.windows.clock.now());
        remedy
    }
}

/// The remedy for a refused proof.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Remedy {
    /// Make another one: with the nonce, or the time, of the server.
    NewProof,
    /// None: the proof had all that the server asked for.
    None,
}

impl Authenticator for OAuthAuthenticator {
    async fn credentials(&self, attempt: Attempt<'_>) -> Result<Credentials, AuthError> {
        let held = self.entry.current(&self.windows).await.map_err(AuthError::OAuth)?;
        self.credentials_of(&held, attempt).await
    }

    async fn review(&self, used: &Credentials, status: StatusCode, headers: &HeaderMap) -> ReviewOutcome {
        self.verdict(used, status, headers)
    }

    fn principal(&self) -> &Principal {
        self.windows.source.principal()
    }

    fn granted_scopes(&self) -> Option<ScopeSet> {
        self.entry.granted()
    }

    fn requested_scopes(&self) -> Option<ScopeSet> {
        Some(self.entry.scopes().clone())
    }

    fn invalidate_token(&self) {
        self.entry.forget();
    }

    fn observe_tokens(&self, observer: TokenObserver) {
        let _ = self.windows.observer.set(observer);
    }
}
