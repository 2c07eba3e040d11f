use std::{fmt, future::Future, sync::Arc};

use crate::{
    authenticator::principal::Principal, error::oauth_error::OAuthError, future::BoxFuture,
    oauth::token::access_token::AccessToken, scope_set::ScopeSet,
};

/// A source of access tokens.
///
/// [`ClientCredentials`](crate::ClientCredentials) fetches them from Okta. Implement the trait, with `fetch` as an `async fn`, to
/// fetch them elsewhere: from a broker, a sidecar, a token exchange. [`OAuthAuthenticator`](crate::OAuthAuthenticator) decides
/// when to fetch, and what to do if that fails.
///
/// ```
/// use std::time::Duration;
/// use okta_auth::{AccessToken, OAuthError, Principal, ScopeSet, TokenSource};
///
/// struct Broker(Principal);
///
/// impl Broker {
///     fn new() -> Self {
///         // The kind of credentials, and a name that is not a secret: rate limits and caches are counted by it.
///         Self(Principal::new("client", "0oa1234567890"))
///     }
/// }
///
/// impl TokenSource for Broker {
///     async fn fetch(&self, scopes: &ScopeSet) -> Result<AccessToken, OAuthError> {
///         let token = std::fs::read_to_string("/run/broker/token").map_err(OAuthError::other)?;
///         AccessToken::bearer(&token.into(), Duration::from_secs(3600))
///     }
///
///     fn principal(&self) -> &Principal {
///         &self.0
///     }
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a source of access tokens",
    note = "implement `TokenSource` for it, or pass a `SharedTokenSource`"
)]
pub trait TokenSource: Send + Sync + 'static {
    /// Fetches a new token for these scopes. It is not called again for the same scopes before it has returned, unless it
    /// takes longer than a minute or the runtime it was called on ends.
    ///
    /// # Errors
    ///
    /// [`OAuthError`]; [`OAuthError::other`] takes any error.
    ///
    /// # Cancel safety
    ///
    /// The future may be dropped at any time; it is then called again.
    fn fetch(&self, scopes: &ScopeSet) -> impl Future<Output = Result<AccessToken, OAuthError>> + Send;

    /// The caller that the tokens are issued to.
    fn principal(&self) -> &Principal;
}

impl<T: TokenSource> TokenSource for Arc<T> {
    fn fetch(&self, scopes: &ScopeSet) -> impl Future<Output = Result<AccessToken, OAuthError>> + Send {
        (**self).fetch(scopes)
    }

    fn principal(&self) -> &Principal {
        (**self).principal()
    }
}

/// Any [`TokenSource`] behind a pointer. `Debug` shows the principal alone.
#[derive(Clone)]
pub struct SharedTokenSource(Arc<dyn dynamic::TokenSource>);

impl SharedTokenSource {
    /// Takes the source, or an `Arc` of one whose handle you keep.
    pub fn new(source: impl TokenSource) -> Self {
        Self(Arc::new(source))
    }

    /// See [`TokenSource::fetch`].
    ///
    /// # Errors
    ///
    /// Those of the source.
    pub fn fetch<'a>(&'a self, scopes: &'a ScopeSet) -> BoxFuture<'a, Result<AccessToken, OAuthError>> {
        self.0.fetch(scopes)
    }

    /// See [`TokenSource::principal`].
    #[must_use]
    pub fn principal(&self) -> &Principal {
        self.0.principal()
    }
}

impl<T: TokenSource> From<T> for SharedTokenSource {
    fn from(source: T) -> Self {
        Self::new(source)
    }
}

impl fmt::Debug for SharedTokenSource {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_tuple("SharedTokenSource")
            .field(&self.principal().as_str())
            .finish()
    }
}

/// The trait with boxed futures.
mod dynamic {
    use crate::{
        authenticator::principal::Principal, error::oauth_error::OAuthError, future::BoxFuture,
        oauth::token::access_token::AccessToken, scope_set::ScopeSet,
    };

    pub(super) trait TokenSource: Send + Sync {
        fn fetch<'a>(&'a self, scopes: &'a ScopeSet) -> BoxFuture<'a, Result<AccessToken, OAuthError>>;
        fn principal(&self) -> &Principal;
    }

    impl<T: super::TokenSource> TokenSource for T {
        fn fetch<'a>(&'a self, scopes: &'a ScopeSet) -> BoxFuture<'a, Result<AccessToken, OAuthError>> {
            Box::pin(T::fetch(self, scopes))
        }

        fn principal(&self) -> &Principal {
            T::principal(self)
        }
    }
}
