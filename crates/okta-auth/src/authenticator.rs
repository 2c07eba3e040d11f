use std::{fmt, future::Future, pin::Pin};

use http::{HeaderMap, Method, StatusCode, Uri};

use crate::{AuthError, Credentials, Principal, ScopeSet};

/// A boxed future, so that [`Authenticator`] can be used as `dyn Authenticator`.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// A source of credentials: asked before each attempt, told of each response.
///
/// Implement it to take credentials from a vault, a key management service or another token endpoint; the crate's own
/// [`SswsToken`](crate::SswsToken) and [`BearerToken`](crate::BearerToken) are nothing more. An example stands in the
/// documentation of this crate.
pub trait Authenticator: fmt::Debug + Send + Sync + 'static {
    /// The credentials for one attempt. It is called for each attempt anew, so a token may have been renewed in between
    /// and a signature can be made over the method and the address.
    ///
    /// # Errors
    ///
    /// [`AuthError`] when there are no credentials to be had; the attempt is then not sent.
    ///
    /// # Cancel safety
    ///
    /// The future may be dropped at any time, for example by a timeout. An implementation must not lose a token that
    /// other callers are waiting for.
    fn credentials<'a>(&'a self, attempt: Attempt<'a>) -> BoxFuture<'a, Result<Credentials, AuthError>>;

    /// Is told of the response to an attempt that was sent with the credentials `used`.
    ///
    /// An implementation that can do better than that response (renew a refused token, sign with the nonce the server
    /// asks for) does so and answers [`Verdict::Replay`]. Without an implementation of it every response is kept.
    ///
    /// # Cancel safety
    ///
    /// As for [`credentials`](Self::credentials).
    fn review<'a>(
        &'a self,
        used: &'a Credentials,
        status: StatusCode,
        headers: &'a HeaderMap,
    ) -> BoxFuture<'a, Verdict> {
        let _ = (used, status, headers);
        Box::pin(std::future::ready(Verdict::Keep))
    }

    /// Who is calling. It stays the same for as long as the authenticator lives, however often the token is renewed.
    fn principal(&self) -> &Principal;

    /// The OAuth 2.0 scopes of the last token there was, where tokens have scopes and one has been fetched. It tells why a
    /// call was refused: see [`ScopeSet::missing`].
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
    /// or a key was exchanged, for example. Where nothing is fetched, it does nothing.
    fn invalidate_token(&self) {}
}

/// What is about to be sent: the part of a request that a credential may be bound to.
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

/// What an [`Authenticator`] makes of a response.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Verdict {
    /// The response stands.
    Keep,
    /// The credentials were renewed: send the same request once more.
    Replay,
    /// The server has said what it wants in a proof (RFC 9449 §9): send the same request once more, with a new one. It is
    /// counted apart from [`Replay`](Self::Replay), because the server may then refuse the credentials themselves, and it
    /// may happen again, because a nonce may be accepted only once.
    ReplayWithProof,
}
