use std::{fmt, sync::Arc};

use http::{HeaderMap, StatusCode};

use crate::{
    authenticator::{
        Attempt, Authenticator, ReviewOutcome, credentials::Credentials, principal::Principal,
        token_observer::TokenObserver,
    },
    error::auth_error::AuthError,
    future::BoxFuture,
    scope_set::ScopeSet,
};

/// Any [`Authenticator`] behind a pointer: what clients and layers hold, and what their methods take as
/// `impl Into<SharedAuthenticator>`.
///
/// A clone is the same authenticator and costs as much as that of an `Arc`. Its methods are those of the trait. `Debug` shows
/// the principal alone, whatever the authenticator holds.
///
/// ```
/// use okta_auth::{SharedAuthenticator, SswsToken};
///
/// let authenticator = SharedAuthenticator::new(SswsToken::new("00canary".into())?);
/// let clone = authenticator.clone();
/// assert_eq!(clone.principal(), authenticator.principal());
/// assert!(!format!("{clone:?}").contains("canary"));
/// # Ok::<(), okta_auth::AuthError>(())
/// ```
#[derive(Clone)]
pub struct SharedAuthenticator(Arc<dyn dynamic::Authenticator>);

impl SharedAuthenticator {
    /// Takes the authenticator, or an `Arc` of one whose handle you keep.
    pub fn new(authenticator: impl Authenticator) -> Self {
        Self(Arc::new(authenticator))
    }

    /// See [`Authenticator::credentials`].
    ///
    /// # Errors
    ///
    /// Those of the authenticator.
    pub fn credentials<'a>(&'a self, attempt: Attempt<'a>) -> BoxFuture<'a, Result<Credentials, AuthError>> {
        self.0.credentials(attempt)
    }

    /// See [`Authenticator::review`].
    pub fn review<'a>(
        &'a self,
        used: &'a Credentials,
        status: StatusCode,
        headers: &'a HeaderMap,
    ) -> BoxFuture<'a, ReviewOutcome> {
        self.0.review(used, status, headers)
    }

    /// See [`Authenticator::may_replay`].
    #[must_use]
    pub fn may_replay(&self) -> bool {
        self.0.may_replay()
    }

    /// See [`Authenticator::principal`].
    #[must_use]
    pub fn principal(&self) -> &Principal {
        self.0.principal()
    }

    /// See [`Authenticator::granted_scopes`].
    #[must_use]
    pub fn granted_scopes(&self) -> Option<ScopeSet> {
        self.0.granted_scopes()
    }

    /// See [`Authenticator::requested_scopes`].
    #[must_use]
    pub fn requested_scopes(&self) -> Option<ScopeSet> {
        self.0.requested_scopes()
    }

    /// See [`Authenticator::effective_scopes`].
    #[must_use]
    pub fn effective_scopes(&self) -> Option<ScopeSet> {
        self.0.effective_scopes()
    }

    /// See [`Authenticator::invalidate_token`].
    pub fn invalidate_token(&self) {
        self.0.invalidate_token();
    }

    /// See [`Authenticator::observe_tokens`].
    pub fn observe_tokens(&self, observer: TokenObserver) {
        self.0.observe_tokens(observer);
    }
}

impl<T: Authenticator> From<T> for SharedAuthenticator {
    fn from(authenticator: T) -> Self {
        Self::new(authenticator)
    }
}

impl fmt::Debug for SharedAuthenticator {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_tuple("SharedAuthenticator")
            .field(&self.principal().as_str())
            .finish()
    }
}

/// The trait with boxed futures, so that there can be one pointer to all implementations.
mod dynamic {
    use http::{HeaderMap, StatusCode};

    use crate::{
        authenticator::{
            Attempt, ReviewOutcome, credentials::Credentials, principal::Principal, token_observer::TokenObserver,
        },
        error::auth_error::AuthError,
        future::BoxFuture,
        scope_set::ScopeSet,
    };

    pub(super) trait Authenticator: Send + Sync {
        fn credentials<'a>(&'a self, attempt: Attempt<'a>) -> BoxFuture<'a, Result<Credentials, AuthError>>;
        fn review<'a>(
            &'a self,
            used: &'a Credentials,
            status: StatusCode,
            headers: &'a HeaderMap,
        ) -> BoxFuture<'a, ReviewOutcome>;
        fn may_replay(&self) -> bool;
        fn principal(&self) -> &Principal;
        fn granted_scopes(&self) -> Option<ScopeSet>;
        fn requested_scopes(&self) -> Option<ScopeSet>;
        fn effective_scopes(&self) -> Option<ScopeSet>;
        fn invalidate_token(&self);
        fn observe_tokens(&self, observer: TokenObserver);
    }

    impl<T: super::Authenticator> Authenticator for T {
        fn credentials<'a>(&'a self, attempt: Attempt<'a>) -> BoxFuture<'a, Result<Credentials, AuthError>> {
            Box::pin(T::credentials(self, attempt))
        }

        fn review<'a>(
            &'a self,
            used: &'a Credentials,
            status: StatusCode,
            headers: &'a HeaderMap,
        ) -> BoxFuture<'a, ReviewOutcome> {
            Box::pin(T::review(self, used, status, headers))
        }

        fn may_replay(&self) -> bool {
            T::may_replay(self)
        }

        fn principal(&self) -> &Principal {
            T::principal(self)
        }

        fn granted_scopes(&self) -> Option<ScopeSet> {
            T::granted_scopes(self)
        }

        fn requested_scopes(&self) -> Option<ScopeSet> {
            T::requested_scopes(self)
        }

        fn effective_scopes(&self) -> Option<ScopeSet> {
            T::effective_scopes(self)
        }

        fn invalidate_token(&self) {
            T::invalidate_token(self);
        }

        fn observe_tokens(&self, observer: TokenObserver) {
            T::observe_tokens(self, observer);
        }
    }
}
