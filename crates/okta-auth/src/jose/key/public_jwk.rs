use std::fmt;

use aws_lc_rs::{
    rsa::PublicKeyComponents,
    signature::{EcdsaKeyPair, KeyPair, RsaKeyPair},
};
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::jose::{jwt::base64url, key::algorithm::Curve};

/// The public half of a [`SigningKey`](crate::SigningKey) as a JSON Web Key (RFC 7517), fit to be registered with the app
/// in Okta.
///
/// It has the members that make up the key and no others, in the order of RFC 7638, so its text is what the thumbprint
/// is taken of.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct PublicJwk {
    json: Box<str>,
    thumbprint: Box<str>,
}

impl PublicJwk {
    pub(super) fn of_rsa(pair: &RsaKeyPair) -> Self {
        let PublicKeyComponents { n, e } = PublicKeyComponents::<Vec<u8>>::from(pair.public_key());
        Self::new(format!(
            r#"{{"e":"{}","kty":"RSA","n":"{}"}}"#,
            base64url(&e),
            base64url(&n)
        ))
    }

    pub(super) fn of_ec(pair: &EcdsaKeyPair, curve: Curve) -> Self {
        // The uncompressed point: a byte 4, then x, then y.
        let point = pair.public_key().as_ref();
        let (x, y) = point
            .get(1..)
            .and_then(|coordinates| coordinates.split_at_checked(curve.length))
            .unwrap_or_default();
        Self::new(format!(
            r#"{{"crv":"{}","kty":"EC","x":"{}","y":"{}"}}"#,
            curve.name,
            base64url(x),
            base64url(y)
        ))
    }

    fn new(json: String) -> Self {
        Self {
            thumbprint: base64url(&Sha256::digest(&json)).into(),
            json: json.into(),
        }
    }

    /// The JWK as a JSON value, for registering it through an API.
    #[must_use]
    pub fn to_json(&self) -> Value {
        // Put together from fixed names and base64url, it is always JSON.
        self.json.parse().unwrap_or_default()
    }

    /// The JWK as JSON.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.json
    }

    /// The SHA-256 thumbprint (RFC 7638), the same for the same key wherever it is made; `jkt` in RFC 9449.
    #[must_use]
    pub fn thumbprint(&self) -> &str {
        &self.thumbprint
    }
}

impl fmt::Display for PublicJwk {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.json)
    }
}

impl fmt::Debug for PublicJwk {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("PublicJwk").field(&self.json).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_thumbprint_of_rfc_7638_3_1() {
        let jwk = PublicJwk::new(String::from(concat!(
            r#"{"e":"AQAB","kty":"RSA","n":"0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECP"#,
            r#"ebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpb"#,
            r#"ISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw"}"#,
        )));
        assert_eq!(jwk.thumbprint(), "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs");
    }

    /// Of the key that has signed the proofs of that RFC: what a token that is bound to it says in `cnf`.
    #[test]
    fn the_thumbprint_of_rfc_9449_6_1() {
        let jwk = PublicJwk::new(String::from(concat!(
            r#"{"crv":"P-256","kty":"EC","x":"l8tFrhx-34tV3hRICRDY9zCkDlpBhF42UQUfWVAWBFs","#,
            r#""y":"9VE4jf_Ok_o64zbTTlcuNJajHmt6v9TDVrU0CdvGRDA"}"#,
        )));
        assert_eq!(jwk.thumbprint(), "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I");
    }
}
