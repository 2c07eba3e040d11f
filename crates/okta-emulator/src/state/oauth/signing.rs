//! The key with which the org signs its access tokens.

use aws_lc_rs::{
    rand::SystemRandom,
    rsa::{KeyPair, KeySize},
    signature::{KeyPair as _, RSA_PKCS1_SHA256},
};
use data_encoding::BASE64URL_NOPAD;
use serde_json::{Value, json};

use crate::{jose::jwk::Jwk, protocol::json::Object};

/// Made when it is first needed.
pub(crate) struct SigningKey {
    pub(crate) pair: KeyPair,
    pub(crate) public: Jwk,
}

impl SigningKey {
    pub(crate) fn generate() -> Option<Self> {
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

    pub(crate) fn sign(&self, claims: &Value) -> Option<String> {
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
