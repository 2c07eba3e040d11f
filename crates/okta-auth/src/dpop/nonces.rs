use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use http::{HeaderMap, Uri};

use super::DPOP_NONCE;

/// The nonce each server has asked for last (RFC 9449 §8.2 and §9), by its origin.
///
/// The nonces of a token endpoint are kept apart from those of the API, even where one host is both.
#[derive(Debug, Default)]
pub(crate) struct Nonces(Mutex<HashMap<Box<str>, Box<str>>>);

impl Nonces {
    /// Nobody talks to more servers with one set of credentials; if so, some nonces are asked for again.
    const MOST: usize = 64;

    pub(crate) fn get(&self, origin: &str) -> Option<Box<str>> {
        let nonces = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        nonces.get(origin).cloned()
    }

    /// Keeps the nonce that a response asks for. Tells whether it is another one than `used`, so that the same request may
    /// be taken now.
    pub(crate) fn learn(&self, origin: &str, headers: &HeaderMap, used: Option<&str>) -> bool {
        let Some(nonce) = headers.get(&DPOP_NONCE).and_then(|value| value.to_str().ok()) else {
            return false;
        };
        let mut nonces = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if nonces.get(origin).is_none_or(|known| **known != *nonce) {
            if nonces.len() >= Self::MOST {
                nonces.clear();
            }
            nonces.insert(origin.into(), nonce.into());
        }
        used != Some(nonce)
    }
}

/// The origin of an address, as the key of its nonce.
pub(crate) fn origin(uri: &Uri) -> Box<str> {
    let scheme = uri.scheme_str().unwrap_or_default();
    let authority = uri.authority().map_or("", |authority| authority.as_str());
    format!("{scheme}://{authority}").to_ascii_lowercase().into()
}
