use std::{fmt, sync::Arc, time::Duration};

use http::HeaderValue;
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};

use crate::{
    authenticator::token_header::{authorization, check},
    error::oauth_error::OAuthError,
    jose::jwt::base64url,
    oauth::dpop::key::DpopKey,
    scope_set::ScopeSet,
};

/// An access token, ready to be sent. `Debug` does not show it.
#[derive(Clone)]
pub struct AccessToken {
    authorization: HeaderValue,
    binding: Option<Binding>,
    expires_in: Duration,
    granted: Option<ScopeSet>,
}

/// The key a token is bound to.
#[derive(Clone)]
pub(crate) struct Binding {
    pub(crate) key: Arc<DpopKey>,
    /// The hash of the token, for the proofs that go with it.
    pub(crate) token_hash: Box<str>,
}

impl AccessToken {
    /// A token that is valid for any sender (RFC 6750), for this long after it was requested.
    ///
    /// # Errors
    ///
    /// [`OAuthError`] for a text that cannot be sent as a token.
    pub fn bearer(token: &SecretString, expires_in: Duration) -> Result<Self, OAuthError> {
        let authorization = checked("Bearer", token.expose_secret())?;
        Ok(Self::new(authorization, None, expires_in))
    }

    /// A token that is bound to a key (RFC 9449).
    ///
    /// # Errors
    ///
    /// As for [`bearer`](Self::bearer).
    pub fn dpop(token: &SecretString, expires_in: Duration, key: Arc<DpopKey>) -> Result<Self, OAuthError> {
        let token = token.expose_secret();
        let binding = Binding {
            key,
            token_hash: base64url(&Sha256::digest(token)).into(),
        };
        Ok(Self::new(checked("DPoP", token)?, Some(binding), expires_in))
    }

    fn new(authorization: HeaderValue, binding: Option<Binding>, expires_in: Duration) -> Self {
        Self {
            authorization,
            binding,
            expires_in,
            granted: None,
        }
    }

    /// Sets the granted scopes. The default is the requested ones (RFC 6749 §5.1).
    #[must_use]
    pub fn with_granted_scopes(mut self, scopes: ScopeSet) -> Self {
        self.granted = Some(scopes);
        self
    }

    /// How long the token is valid, counted from when it was requested.
    #[must_use]
    pub const fn expires_in(&self) -> Duration {
        self.expires_in
    }

    /// The token as text, for a store that several processes share. `None` for a token that is bound to a key: it is of no
    /// use without the key.
    #[must_use]
    pub fn bearer_token(&self) -> Option<SecretString> {
        if self.binding.is_some() {
            return None;
        }
        let text = self.authorization.to_str().ok()?;
        Some(text.strip_prefix("Bearer ")?.into())
    }

    /// The scopes that were granted, if they are not those that were requested.
    #[must_use]
    pub const fn granted_scopes(&self) -> Option<&ScopeSet> {
        self.granted.as_ref()
    }

    pub(crate) const fn authorization(&self) -> &HeaderValue {
        &self.authorization
    }

    pub(crate) const fn binding(&self) -> Option<&Binding> {
        self.binding.as_ref()
    }

    pub(crate) const fn granted(&self) -> Option<&ScopeSet> {
        self.granted.as_ref()
    }
}

/// The header of a token. A text that is not a token is refused: the server may have returned anything.
fn checked(scheme: &str, token: &str) -> Result<HeaderValue, OAuthError> {
    check(token).map_err(|_| {
        OAuthError::garbage("the access token is empty or has characters that are not allowed in a token")
    })?;
    authorization(scheme, token).map_err(OAuthError::other)
}

impl fmt::Debug for AccessToken {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("AccessToken")
            .field("expires_in", &self.expires_in)
            .field("granted", &self.granted)
            .field(
                "bound_to",
                &self
                    .binding
                    .as_ref()
                    .map(|binding| binding.key.public_jwk().thumbprint()),
            )
            .finish_non_exhaustive()
    }
}
