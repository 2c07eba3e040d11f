//! What the authorization servers of one org know.

use std::collections::HashMap;

use serde_json::Value;

use crate::{
    protocol::error::ApiError,
    state::oauth::{nonces::Nonces, once::Once, ring::Ring, settings::Settings, signing::SigningKey, token::Tokens},
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
    /// The keys of custom authorization servers, by id.
    rings: HashMap<String, Ring>,
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

    /// An access token, signed by the org's server or by a custom one.
    pub(crate) fn sign(&mut self, server: Option<&str>, claims: &Value) -> Result<String, ApiError> {
        let key = match server {
            Some(server) => self.ring(server)?.active(),
            None => self.signing_key()?,
        };
        key.sign(claims).ok_or_else(ApiError::internal)
    }

    /// The keys of a custom server.
    pub(crate) fn ring(&mut self, server: &str) -> Result<&mut Ring, ApiError> {
        self.ring_with(server, None)
    }

    /// The keys of a custom server, the first of which has this id.
    pub(crate) fn ring_with(&mut self, server: &str, kid: Option<&str>) -> Result<&mut Ring, ApiError> {
        if !self.rings.contains_key(server) {
            self.rings.insert(server.to_owned(), Ring::new(kid)?);
        }
        self.rings.get_mut(server).ok_or_else(ApiError::internal)
    }

    /// The key for those who verify access tokens.
    pub(crate) fn public_key(&mut self) -> Result<Value, ApiError> {
        Ok(self.signing_key()?.public.show())
    }
}
