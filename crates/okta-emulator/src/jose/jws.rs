//! Signed tokens in the compact form (RFC 7515 §3.1).

use data_encoding::BASE64URL_NOPAD;
use jsonwebtoken::dangerous::insecure_decode_claims;
use serde_json::Value;

use crate::{
    jose::jwk::Jwk,
    protocol::json::{Object, text},
};

/// A token, taken apart but not believed.
pub(crate) struct Jws<'a> {
    /// JSON, because it may name ES512, which `jsonwebtoken` does not have, and a private key, which it would leave out.
    pub(crate) header: Object,
    pub(crate) claims: Object,
    signed: &'a str,
    signature: Vec<u8>,
}

impl<'a> Jws<'a> {
    pub(crate) fn parse(token: &'a str) -> Option<Self> {
        let (signed, signature) = token.rsplit_once('.')?;
        let (header, _) = signed.split_once('.')?;
        Some(Self {
            header: object(header)?,
            claims: insecure_decode_claims(token).ok()?,
            signed,
            signature: BASE64URL_NOPAD.decode(signature.as_bytes()).ok()?,
        })
    }

    pub(crate) fn alg(&self) -> &str {
        text(&self.header, "alg").unwrap_or_default()
    }

    pub(crate) fn claim(&self, name: &str) -> Option<&str> {
        text(&self.claims, name)
    }

    /// A claim that is a time, in seconds since the epoch.
    pub(crate) fn time(&self, name: &str) -> Option<i64> {
        let time = self.claims.get(name)?;
        #[expect(clippy::cast_possible_truncation, reason = "fractions of a second do not matter")]
        time.as_i64().or_else(|| time.as_f64().map(|time| time as i64))
    }

    pub(crate) fn signed_by(&self, key: &Jwk) -> bool {
        key.verifies(self.alg(), self.signed.as_bytes(), &self.signature)
    }
}

fn object(part: &str) -> Option<Object> {
    let json = BASE64URL_NOPAD.decode(part.as_bytes()).ok()?;
    match serde_json::from_slice(&json).ok()? {
        Value::Object(object) => Some(object),
        _ => None,
    }
}
