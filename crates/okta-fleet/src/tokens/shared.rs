use std::{
    collections::HashMap,
    fmt,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use futures_util::future::{Either, select};
use okta_auth::{AccessToken, Clock, OAuthError, Principal, ScopeSet, TokenSource};
use okta_transport::BoxError;
use secrecy::ExposeSecret;
use sha2::{Digest, Sha256};

use super::{
    key::TokenKey,
    store::{SealedToken, TokenStore},
};

/// How long the process that requests a token has for it before another one may.
const LOCK: Duration = Duration::from_secs(20);

/// How long the others wait before they look again.
const POLL: Duration = Duration::from_millis(100);

/// A call of the store may take as long as this.
const STORE_TIMEOUT: Duration = Duration::from_millis(500);

/// A token that is valid for less than this is not worth having.
const SHORTEST: Duration = Duration::from_secs(30);

/// The number of bytes of a digest.
const DIGEST: usize = 32;

/// A token source for a fleet: one process requests a token, and the others take it from the store.
///
/// Tokens are encrypted with the [`TokenKey`] before they leave the process. Only bearer tokens are shared: one that is bound
/// to a key (DPoP) is used by the process that requested it alone, and the log says so once. If the store does not work, each
/// process requests its own tokens, as it would without a store.
///
/// ```
/// use std::sync::Arc;
/// use okta_auth::{Clock, OAuthAuthenticator, TokenSource};
/// use okta_fleet::tokens::{SharedTokens, TokenKey, TokenStore};
///
/// fn authenticator(
///     source: impl TokenSource,
///     store: impl TokenStore,
///     key: TokenKey,
///     clock: Arc<dyn Clock>,
/// ) -> OAuthAuthenticator {
///     let tokens = SharedTokens::new(source, store, key, clock.clone());
///     OAuthAuthenticator::new(tokens, ["okta.users.read"], clock)
/// }
/// # fn main() {}
/// ```
pub struct SharedTokens<T, S> {
    source: T,
    store: S,
    key: TokenKey,
    clock: Arc<dyn Clock>,
    /// The digest of the token that was returned last for each name: a caller that asks again wants another one.
    returned: Mutex<HashMap<String, [u8; DIGEST]>>,
    is_failing: AtomicBool,
    is_bound: AtomicBool,
}

impl<T: TokenSource, S: TokenStore> SharedTokens<T, S> {
    /// Shares the tokens of this source with all processes that have the same store and key.
    pub fn new(source: T, store: S, key: TokenKey, clock: Arc<dyn Clock>) -> Self {
        Self {
            source,
            store,
            key,
            clock,
            returned: Mutex::default(),
            is_failing: AtomicBool::new(false),
            is_bound: AtomicBool::new(false),
        }
    }

    async fn shared(&self, scopes: &ScopeSet) -> Result<AccessToken, OAuthError> {
        if self.is_bound.load(Ordering::Relaxed) {
            return self.source.fetch(scopes).await;
        }
        let name = self.name(scopes);
        let begun = self.clock.now();
        // Longer than a lock lasts, so that the process whose holder has died takes over.
        while self.clock.now().saturating_duration_since(begun) < 2 * LOCK {
            if let Ok(Some(token)) = self.stored(&name).await {
                return Ok(token);
            }
            match self.within_limit(self.store.lock(&name, LOCK)).await {
                Ok(Some(lock)) => return self.request(&name, lock, scopes).await,
                Ok(None) => self.clock.sleep(POLL).await,
                Err(Unusable) => break,
            }
        }
        self.source.fetch(scopes).await
    }

    /// Requests a token with the lock, and stores it.
    async fn request(&self, name: &str, lock: u64, scopes: &ScopeSet) -> Result<AccessToken, OAuthError> {
        // Another process may have stored one just before.
        if let Ok(Some(token)) = self.stored(name).await {
            self.put(name, lock, None).await;
            return Ok(token);
        }
        let asked = self.clock.now();
        let result = self.source.fetch(scopes).await;
        let sealed = result.as_ref().ok().and_then(|token| {
            let sealed = self.key.seal(name, token);
            if sealed.is_none() && !self.is_bound.swap(true, Ordering::Relaxed) {
                tracing::warn!("access tokens that are bound to a key are not shared between processes");
            }
            let age = self.clock.now().saturating_duration_since(asked);
            Some(SealedToken::new(sealed?, token.expires_in().saturating_sub(age)))
        });
        self.put(name, lock, sealed).await;
        if let Ok(token) = &result {
            self.remember(name, token);
        }
        result
    }

    async fn put(&self, name: &str, lock: u64, token: Option<SealedToken>) {
        let had_token = token.is_some();
        if self.within_limit(self.store.put(name, lock, token)).await == Ok(false) && had_token {
            tracing::debug!("an access token came too late to be shared: another process has the lock");
        }
    }

    /// A token of another process, unless it is the one that is to be replaced.
    async fn stored(&self, name: &str) -> Result<Option<AccessToken>, Unusable> {
        let Some(sealed) = self.within_limit(self.store.get(name)).await? else {
            return Ok(None);
        };
        if sealed.valid_for < SHORTEST {
            return Ok(None);
        }
        let Some(token) = self.key.open(name, &sealed.bytes, sealed.valid_for) else {
            if !self.is_failing.swap(true, Ordering::Relaxed) {
                tracing::warn!("a shared access token cannot be decrypted: do all processes have the same key?");
            }
            return Ok(None);
        };
        let known = self.returned().get(name).copied();
        if known.is_some() && known == digest(&token) {
            return Ok(None);
        }
        self.remember(name, &token);
        Ok(Some(token))
    }

    fn remember(&self, name: &str, token: &AccessToken) {
        if let Some(digest) = digest(token) {
            self.returned().insert(name.to_owned(), digest);
        }
    }

    fn returned(&self) -> std::sync::MutexGuard<'_, HashMap<String, [u8; DIGEST]>> {
        self.returned.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The name of the tokens of a caller and these scopes: a digest.
    fn name(&self, scopes: &ScopeSet) -> String {
        use fmt::Write;

        let mut digest = Sha256::new().chain_update(self.source.principal().as_str());
        for scope in scopes.iter() {
            digest = digest.chain_update([0]).chain_update(scope);
        }
        let mut name = String::with_capacity(2 * DIGEST);
        for byte in digest.finalize() {
            // Writing to a `String` cannot fail.
            let _ = write!(name, "{byte:02x}");
        }
        name
    }

    async fn within_limit<R>(&self, work: impl Future<Output = Result<R, BoxError>> + Send) -> Result<R, Unusable> {
        let failed = match select(Box::pin(work), self.clock.sleep(STORE_TIMEOUT)).await {
            Either::Left((Ok(result), _)) => {
                if self.is_failing.swap(false, Ordering::Relaxed) {
                    tracing::info!("the token store works again");
                }
                return Ok(result);
            }
            Either::Left((Err(_), _)) => "it has failed",
            Either::Right(_) => "it is too slow",
        };
        if !self.is_failing.swap(true, Ordering::Relaxed) {
            // A store of the user may quote keys in its errors.
            tracing::warn!(
                reason = failed,
                "the token store does not work; this process requests its own tokens"
            );
        }
        Err(Unusable)
    }
}

/// The store has failed. There is an event about it already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Unusable;

fn digest(token: &AccessToken) -> Option<[u8; DIGEST]> {
    Some(Sha256::digest(token.bearer_token()?.expose_secret()).into())
}

impl<T: TokenSource, S: TokenStore> TokenSource for SharedTokens<T, S> {
    async fn fetch(&self, scopes: &ScopeSet) -> Result<AccessToken, OAuthError> {
        self.shared(scopes).await
    }

    fn principal(&self) -> &Principal {
        self.source.principal()
    }
}

impl<T: TokenSource, S> fmt::Debug for SharedTokens<T, S> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("SharedTokens")
            .field("principal", self.source.principal())
            .finish_non_exhaustive()
    }
}
