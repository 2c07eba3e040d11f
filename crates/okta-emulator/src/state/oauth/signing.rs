//! The key with which the org signs its access tokens.

use aws_lc_rs::{
    rand::SystemRandom,
    rsa::{KeyPair, KeySize},
    signature::{KeyPair as _, RSA_PKCS1_SHA256},
};
use data_encoding::BASE64URL_NOPAD;
use jsonwebtoken::{
    Algorithm, Header,
    crypto::JwtSigner,
    signature::{Error, Signer},
};
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
        let header = Header {
            typ: None,
            kid: Some(self.public.kid.clone()),
            ..Header::new(self.algorithm())
        };
        let encode = |json: &[u8]| BASE64URL_NOPAD.encode(json);
        let header = encode(&serde_json::to_vec(&header).ok()?);
        let signed = format!("{header}.{}", encode(claims.to_string().as_bytes()));
        let signature = self.try_sign(signed.as_bytes()).ok()?;
        Some(format!("{signed}.{}", encode(&signature)))
    }
}

impl Signer<Vec<u8>> for SigningKey {
    fn try_sign(&self, message: &[u8]) -> Result<Vec<u8>, Error> {
        let mut signature = vec![0; self.pair.public_modulus_len()];
        self.pair
            .sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), message, &mut signature)
            .map_err(Error::from_source)?;
        Ok(signature)
    }
}

impl JwtSigner for SigningKey {
    fn algorithm(&self) -> Algorithm {
        Algorithm::RS256
    }
}
