//! What the authorization servers of one org know.

use serde_json::Value;

use crate::{
    protocol::error::ApiError,
    state::oauth::{nonces::Nonces, once::Once, settings::Settings, signing::SigningKey, token::Tokens},
};

/// What the authorization servers of one org know.
#[derive(Default)]
pub(crate) struct OAuth {
    pub(crate) settings: Settings,
    pub(crate) tokens: Tokens,
    pub(crate) assertions: Once,
    pub(crate) proofs: Once,
    pub(crate) token_nonces: Nonces,
    pub(crate) resource_nonces: Nonces,
    pub(crate) key: Option<SigningKey>,
}

impl OAuth {
    pub(crate) fn new(settings: Settings) -> Self {
        Self {
            settings,
            ..Self::default()
        }
    }

    /// Makes every access token worthless that was issued so far.
    pub(crate) fn revoke_all(&mut self) {
        self.tokens.clear();
    }

    /// Makes every nonce worthless that was handed out so far.
    pub(crate) fn rotate_nonces(&mut self) {
        self.token_nonces.rotate();
        self.resource_nonces.rotate();
    }
}

pub(crate) fn issuer(origin: &str, server: Option<&str>) -> String {
    match server {
        None => origin.to_owned(),
        Some(id) => format!("{origin}/oauth2/{id}"),
    }
}

impl OAuth {
    pub(crate) fn signing_key(&mut self) -> Result<&SigningKey, ApiError> {
        if self.key.is_none() {
            self.key = SigningKey::generate();
        }
        self.key.as_ref().ok_or_else(ApiError::internal)
    }

    /// A signed access token.
    pub(crate) fn sign(&mut self, claims: &Value) -> Result<String, ApiError> {
        self.signing_key()?.sign(claims).ok_or_else(ApiError::internal)
    }

    /// The key for those who verify access tokens.
    pub(crate) fn public_key(&mut self) -> Result<Value, ApiError> {
        Ok(self.signing_key()?.public.show())
    }
}
