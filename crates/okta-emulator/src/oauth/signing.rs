//! The key with which the org signs its access tokens.

use aws_lc_rs::{
    rand::SystemRandom,
    rsa::{KeyPair, KeySize},
    signature::{KeyPair as _, RSA_PKCS1_SHA256},
};
use data_encoding::BASE64URL_NOPAD;
use serde_json::{Value, json};

use super::{OAuth, jwk::Jwk};
use crate::{call::Object, error::ApiError};

/// Made when it is first needed.
pub(super) struct SigningKey {
    pair: KeyPair,
    public: Jwk,
}

impl SigningKey {
    fn generate() -> Option<Self> {
        let pair = KeyPair::generate(KeySize::Rsa2048).ok()?;
        let public = pair.public_key();
        let encode = |bytes: &[u8]| json!(BASE64URL_NOPAD.encode(bytes));
        let mut jwk = Object::new();
        jwk.insert(
            "e".to_owned(),
            encode(public.exponent().big_endian_without_leading_zero()),
        );
        jwk.insert("kty".to_owned(), json!("RSA"));
        jwk.insert(
            "n".to_owned(),
            encode(public.modulus().big_endian_without_leading_zero()),
        );
        jwk.insert("alg".to_owned(), json!("RS256"));
        let public = Jwk::of(&jwk).ok()?;
        Some(Self { pair, public })
    }

    fn sign(&self, claims: &Value) -> Option<String> {
        let header = json!({ "kid": self.public.kid, "alg": "RS256" });
        let encode = |json: &Value| BASE64URL_NOPAD.encode(json.to_string().as_bytes());
        let signed = format!("{}.{}", encode(&header), encode(claims));
        let mut signature = vec![0; self.pair.public_modulus_len()];
        self.pair
            .sign(
                &RSA_PKCS1_SHA256,
                &SystemRandom::new(),
                signed.as_bytes(),
                &mut signature,
            )
            .ok()?;
        Some(format!("{signed}.{}", BASE64URL_NOPAD.encode(&signature)))
    }
}

impl OAuth {
    fn signing_key(&mut self) -> Result<&SigningKey, ApiError> {
        if self.key.is_none() {
            self.key = SigningKey::generate();
        }
        self.key.as_ref().ok_or_else(ApiError::internal)
    }

    /// A signed access token.
    pub(super) fn sign(&mut self, claims: &Value) -> Result<String, ApiError> {
        self.signing_key()?.sign(claims).ok_or_else(ApiError::internal)
    }

    /// The key for those who verify access tokens.
    pub(super) fn public_key(&mut self) -> Result<Value, ApiError> {
        Ok(self.signing_key()?.public.show())
    }
}
