//! Who is calling, and with which credentials.

pub(crate) mod credentials;
pub(crate) mod fixed_token;
pub(crate) mod org_origin;
pub(crate) mod principal;
pub(crate) mod shared;
pub(crate) mod token_claims;
pub(crate) mod token_header;
pub(crate) mod token_observer;

use std::{future::Future, sync::Arc};

use http::{HeaderMap, Method, StatusCode, Uri};

use crate::{
    authenticator::{credentials::Credentials, principal::Principal, token_observer::TokenObserver},
    error::auth_error::AuthError,
    scope_set::ScopeSet,
};

/// A source of credentials for each attempt, which also reviews each response.
///
/// Implement it to take credentials from a vault, a key management service or another token endpoint; the crate's own
/// [`SswsToken`](crate::SswsToken) and [`BearerToken`](crate::BearerToken) are nothing more. Write the methods that return a
/// future as `async fn`; the documentation of this crate has an example. What takes an authenticator takes an `Arc` of one, too,
/// and erases its type: [`SharedAuthenticator`](crate::SharedAuthenticator).
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an authenticator",
    note = "implement `Authenticator` for it, or pass a `SharedAuthenticator`"
)]
pub trait Authenticator: Send + Sync + 'static {
    /// Returns the credentials for one attempt. It is called for each attempt, so that a token may be renewed in between and
    /// a signature can cover the method and the address.
    ///
    /// # Errors
    ///
    /// [`AuthError`] if there are no credentials; the attempt is then not sent.
    ///
    /// # Cancel safety
    ///
    /// The future may be dropped at any time, for example by a timeout. An implementation must not lose a token that
    /// other callers are waiting for.
    fn credentials(&self, attempt: Attempt<'_>) -> impl Future<Output = Result<Credentials, AuthError>> + Send;

    /// Reviews the response to an attempt that was sent with the credentials `used`.
    ///
    /// An implementation that can do better than that response (renew a refused token, sign with the nonce the server
    /// asks for) does so and returns [`ReviewOutcome::Replay`]. The default accepts every response.
    ///
    /// # Cancel safety
    ///
    /// As for [`credentials`](Self::credentials).
    fn review(
        &self,
        used: &Credentials,
        status: StatusCode,
        headers: &HeaderMap,
    ) -> impl Future<Output = ReviewOutcome> + Send {
        let _ = (used, status, headers);
        std::future::ready(ReviewOutcome::Accept)
    }

    /// Returns false if [`review`](Self::review) accepts every response, whatever it says: then no copy of a request is
    /// made for a replay, and none is sent. True unless implemented, which is always safe.
    fn may_replay(&self) -> bool {
        true
    }

    /// The caller. It stays the same as long as the authenticator lives, however often the token is renewed.
    fn principal(&self) -> &Principal;

    /// The OAuth 2.0 scopes of the last token, if tokens have scopes and one was fetched. They explain why a call was
    /// refused: see [`ScopeSet::missing`].
    fn granted_scopes(&self) -> Option<ScopeSet> {
        None
    }

    /// The OAuth 2.0 scopes that are requested, if tokens have scopes.
    fn requested_scopes(&self) -> Option<ScopeSet> {
        None
    }

    /// The OAuth 2.0 scopes that decide what a response contains: the granted ones, or the requested ones as long as no
    /// token was fetched.
    ///
    /// Two authenticators with equal principals may have different scopes. A cache adds these scopes to its key, so that a
    /// token never reads what only a token with more scopes may read. Rate limits count per [`principal`](Self::principal)
    /// alone. The call is cheap: a clone of a [`ScopeSet`] copies a pointer.
    fn effective_scopes(&self) -> Option<ScopeSet> {
        self.granted_scopes().or_else(|| self.requested_scopes())
    }

    /// Forgets the token, and every failure to get one, so that the next attempt fetches a new one: after scopes were granted
    /// or a key was exchanged, for example. If nothing is fetched, it does nothing.
    fn invalidate_token(&self) {}

    /// Reports each access token that is requested from now on. The first observer stays; later ones are dropped, so that a
    /// token of an authenticator that several clients share is counted once. If nothing is fetched, it does nothing.
    fn observe_tokens(&self, observer: TokenObserver) {
        let _ = observer;
    }
}

impl<T: Authenticator> Authenticator for Arc<T> {
    fn credentials(&self, attempt: Attempt<'_>) -> impl Future<Output = Result<Credentials, AuthError>> + Send {
        (**self).credentials(attempt)
    }

    fn review(
        &self,
        used: &Credentials,
        status: StatusCode,
        headers: &HeaderMap,
    ) -> impl Future<Output = ReviewOutcome> + Send {
        (**self).review(used, status, headers)
    }

    fn may_replay(&self) -> bool {
        (**self).may_replay()
    }

    fn principal(&self) -> &Principal {
        (**self).principal()
    }

    fn granted_scopes(&self) -> Option<ScopeSet> {
        (**self).granted_scopes()
    }

    fn requested_scopes(&self) -> Option<ScopeSet> {
        (**self).requested_scopes()
    }

    fn effective_scopes(&self) -> Option<ScopeSet> {
        (**self).effective_scopes()
    }

    fn invalidate_token(&self) {
        (**self).invalidate_token();
    }

    fn observe_tokens(&self, observer: TokenObserver) {
        (**self).observe_tokens(observer);
    }
}

/// The part of a request that credentials may be bound to.
#[derive(Clone, Copy, Debug)]
pub struct Attempt<'a> {
    method: &'a Method,
    uri: &'a Uri,
}

impl<'a> Attempt<'a> {
    /// An attempt to send a request with this method to this absolute address.
    #[must_use]
    pub const fn new(method: &'a Method, uri: &'a Uri) -> Self {
        Self { method, uri }
    }

    /// The HTTP method.
    #[must_use]
    pub const fn method(&self) -> &'a Method {
        self.method
    }

    /// The absolute address, with its query.
    #[must_use]
    pub const fn uri(&self) -> &'a Uri {
        self.uri
    }
}

/// The decision of an [`Authenticator`] about a response.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ReviewOutcome {
    /// The response is final.
    Accept,
    /// The credentials were renewed: replay the request.
    Replay,
    /// The server said what it wants in a proof (RFC 9449 §9): replay the request with a new proof. It is
    /// counted apart from [`Replay`](Self::Replay), because the server may then refuse the credentials themselves, and it
    /// may happen again, because a nonce may be accepted only once.
    ReplayWithProof,
}
