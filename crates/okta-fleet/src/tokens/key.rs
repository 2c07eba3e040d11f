use std::{fmt, sync::Arc, time::Duration};

use aws_lc_rs::aead::{AES_256_GCM, Aad, NONCE_LEN, RandomizedNonceKey};
use okta_auth::{AccessToken, ScopeSet};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

/// The version of the format, as its first byte.
const VERSION: u8 = 1;

/// The number of bytes of a key.
const LENGTH: usize = 32;

/// The key with which tokens are encrypted before they leave the process: 32 random bytes that all processes of the fleet
/// have, and the store does not.
///
/// Tokens are encrypted with AES-256-GCM. The name under which a token is stored is authenticated too, so a token cannot be
/// passed off as that of another caller or of other scopes.
///
/// ```
/// use okta_fleet::tokens::TokenKey;
///
/// // `openssl rand -hex 32`, kept where the other secrets of the program are.
/// let key = TokenKey::from_hex(&"5f".repeat(32).into())?;
/// assert!(!format!("{key:?}").contains("5f5f"));
/// # Ok::<(), okta_fleet::tokens::TokenKeyError>(())
/// ```
#[derive(Clone)]
pub struct TokenKey {
    key: Arc<RandomizedNonceKey>,
    /// Keys that only decrypt.
    earlier: Vec<Arc<RandomizedNonceKey>>,
}

/// A text or bytes that are not a key. It does not repeat them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a key for tokens has 32 bytes, or 64 hexadecimal digits")]
pub struct TokenKeyError;

impl TokenKey {
    /// A key of these bytes.
    ///
    /// # Errors
    ///
    /// [`TokenKeyError`] unless there are 32.
    pub fn new(bytes: &[u8]) -> Result<Self, TokenKeyError> {
        let key = RandomizedNonceKey::new(&AES_256_GCM, bytes).map_err(|_| TokenKeyError)?;
        Ok(Self {
            key: Arc::new(key),
            earlier: Vec::new(),
        })
    }

    /// A key of 64 hexadecimal digits.
    ///
    /// # Errors
    ///
    /// [`TokenKeyError`] for any other text.
    pub fn from_hex(text: &SecretString) -> Result<Self, TokenKeyError> {
        let digits = text.expose_secret().trim().as_bytes();
        let mut bytes = Zeroizing::new([0; LENGTH]);
        if digits.len() != 2 * LENGTH {
            return Err(TokenKeyError);
        }
        for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
            let pair = std::str::from_utf8(pair).map_err(|_| TokenKeyError)?;
            // `from_str_radix` would take a sign.
            if !pair.bytes().all(|digit| digit.is_ascii_hexdigit()) {
                return Err(TokenKeyError);
            }
            *byte = u8::from_str_radix(pair, 16).map_err(|_| TokenKeyError)?;
        }
        Self::new(&bytes[..])
    }

    /// Also reads what an earlier key has encrypted, so that a key can be replaced without a pause.
    #[must_use]
    pub fn and_earlier(mut self, earlier: &Self) -> Self {
        self.earlier.push(Arc::clone(&earlier.key));
        self
    }

    /// Encrypts a bearer token. `None` for a token that is bound to a key of its process.
    pub(super) fn seal(&self, name: &str, token: &AccessToken) -> Option<Vec<u8>> {
        let text = token.bearer_token()?;
        let scopes = token
            .granted_scopes()
            .map(|scopes| scopes.iter().map(str::to_owned).collect());
        let plain = Plain {
            token: text.expose_secret().to_owned(),
            scopes,
        };
        let json = serde_json::to_vec(&plain).ok();
        drop(Zeroizing::new(plain.token));
        let mut bytes = Zeroizing::new(json?);
        let tag = self.key.seal_in_place_separate_tag(Aad::from(name), &mut bytes).ok()?;
        let (nonce, tag) = tag;
        let mut sealed = vec![VERSION];
        sealed.extend_from_slice(nonce.as_ref());
        sealed.extend_from_slice(&bytes);
        sealed.extend_from_slice(tag.as_ref());
        Some(sealed)
    }

    /// Decrypts a token that is valid for so long. `None` if it was not encrypted with this key, or was changed.
    pub(super) fn open(&self, name: &str, sealed: &[u8], valid_for: Duration) -> Option<AccessToken> {
        let (version, sealed) = sealed.split_first()?;
        let (nonce, sealed) = sealed.split_first_chunk::<NONCE_LEN>()?;
        if *version != VERSION {
            return None;
        }
        let keys = std::iter::once(&self.key).chain(&self.earlier);
        for key in keys {
            let mut bytes = Zeroizing::new(sealed.to_vec());
            let nonce = aws_lc_rs::aead::Nonce::assume_unique_for_key(*nonce);
            let Ok(plain) = key.open_in_place(nonce, Aad::from(name), &mut bytes) else {
                continue;
            };
            let plain: Plain = serde_json::from_slice(plain).ok()?;
            let token = AccessToken::bearer(&plain.token.into(), valid_for).ok()?;
            return Some(match plain.scopes {
                Some(scopes) => token.with_granted_scopes(scopes.iter().map(String::as_str).collect::<ScopeSet>()),
                None => token,
            });
        }
        None
    }
}

impl fmt::Debug for TokenKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("TokenKey")
    }
}

/// What is encrypted.
#[derive(Serialize, Deserialize)]
struct Plain {
    token: String,
    scopes: Option<Vec<String>>,
}
