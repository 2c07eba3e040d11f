use std::{
    fmt,
    sync::atomic::{AtomicBool, Ordering},
};

use jsonwebtoken::dangerous::insecure_decode_claims;
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;

use crate::{
    jose::sign_error::SignError,
    oauth::assertion::source::{AssertionRequest, AssertionSource},
};

/// An assertion that was made elsewhere.
///
/// Okta accepts it for one request if it has a `jti`, and for any number of requests until it expires if it has none. After
/// that, the error says so; use your own [`AssertionSource`] for more requests.
pub struct GivenAssertion {
    text: SecretString,
    expires_at: Option<u64>,
    single_use: bool,
    used: AtomicBool,
}

impl GivenAssertion {
    /// Takes the assertion as it is. Its signature is not checked.
    ///
    /// # Errors
    ///
    /// [`SignError`] for a text that is not a JWT.
    pub fn new(text: impl Into<SecretString>) -> Result<Self, SignError> {
        let text = text.into();
        let claims: Value = insecure_decode_claims(text.expose_secret())
            .map_err(|_| SignError::new("the given client assertion is not a JWT: give header.claims.signature"))?;
        Ok(Self {
            expires_at: claims["exp"].as_u64(),
            single_use: !claims["jti"].is_null(),
            used: AtomicBool::new(false),
            text,
        })
    }
}

impl AssertionSource for GivenAssertion {
    async fn assertion(&self, request: &AssertionRequest<'_>) -> Result<SecretString, SignError> {
        let over = self.expires_at.is_some_and(|end| end <= request.issued_at());
        if over {
            Err(SignError::new("the given client assertion has expired: give a new one"))
        } else if self.used.swap(true, Ordering::Relaxed) && self.single_use {
            Err(SignError::new(
                "the given client assertion was sent already, and Okta takes each `jti` once: \
                 give a signing key or an AssertionSource, which make a new one for each request",
            ))
        } else {
            Ok(self.text.clone())
        }
    }
}

impl fmt::Debug for GivenAssertion {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("GivenAssertion")
            .field("expires_at", &self.expires_at)
            .field("single_use", &self.single_use)
            .finish_non_exhaustive()
    }
}
