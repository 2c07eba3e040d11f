//! The keys of one authorization server: one signs, one follows, those that are over can still verify.

use serde_json::Value;

use crate::{protocol::error::ApiError, state::oauth::signing::SigningKey};

/// How many keys that are over a server still shows.
const EXPIRED: usize = 2;

/// Keys are made when they are first needed.
pub(crate) struct Ring {
    active: SigningKey,
    next: Option<SigningKey>,
    /// As they are shown, the newest first.
    expired: Vec<Value>,
}

impl Ring {
    /// A ring whose first key has this id, if one is given.
    pub(crate) fn new(kid: Option<&str>) -> Result<Self, ApiError> {
        let mut active = generate()?;
        if let Some(kid) = kid {
            kid.clone_into(&mut active.public.kid);
        }
        Ok(Self {
            active,
            next: None,
            expired: Vec::new(),
        })
    }

    pub(crate) fn active(&self) -> &SigningKey {
        &self.active
    }

    /// The id of the key that signs.
    pub(crate) fn kid(&self) -> &str {
        &self.active.public.kid
    }

    /// Lets the next key sign.
    pub(crate) fn rotate(&mut self) -> Result<(), ApiError> {
        let next = match self.next.take() {
            Some(next) => next,
            None => generate()?,
        };
        let over = std::mem::replace(&mut self.active, next);
        self.expired.insert(0, over.public.show());
        self.expired.truncate(EXPIRED);
        Ok(())
    }

    /// Every key with its status.
    pub(crate) fn published(&mut self) -> Result<Vec<(&'static str, Value)>, ApiError> {
        let next = match self.next.take() {
            Some(next) => next,
            None => generate()?,
        };
        let next = self.next.insert(next);
        let mut keys = vec![("ACTIVE", self.active.public.show()), ("NEXT", next.public.show())];
        keys.extend(self.expired.iter().map(|key| ("EXPIRED", key.clone())));
        Ok(keys)
    }

    /// The keys with which tokens are verified.
    pub(crate) fn verifying(&self) -> Vec<Value> {
        let active = std::iter::once(self.active.public.show());
        active.chain(self.expired.iter().cloned()).collect()
    }
}

fn generate() -> Result<SigningKey, ApiError> {
    SigningKey::generate().ok_or_else(ApiError::internal)
}
