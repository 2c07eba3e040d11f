use std::fmt;

use jsonwebtoken::jwk::{
    AlgorithmParameters, CommonParameters, EllipticCurveKeyParameters, EllipticCurveKeyType, Jwk, RSAKeyParameters,
    RSAKeyType,
};
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::jose::{backend::types::PublicKey, jwt::base64url};

/// The public half of a [`SigningKey`](crate::SigningKey) as a JSON Web Key (RFC 7517), fit to be registered with the app
/// in Okta.
///
/// It has the members that make up the key and no others, in the order of RFC 7638, so its text is what the thumbprint
/// is taken of.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct PublicJwk {
    jwk: Jwk,
    json: Box<str>,
    thumbprint: Box<str>,
}

impl PublicJwk {
    pub(super) fn new(key: &PublicKey) -> Self {
        match key {
            PublicKey::Rsa { n, e } => Self::of(AlgorithmParameters::RSA(RSAKeyParameters {
                key_type: RSAKeyType::RSA,
                n: base64url(n),
                e: base64url(e),
            })),
            PublicKey::Ec { curve, point } => {
                // The uncompressed point: a byte 4, then x, then y.
                let (x, y) = point
                    .get(1..)
                    .and_then(|coordinates| coordinates.split_at_checked(curve.length()))
                    .unwrap_or_default();
                Self::of(AlgorithmParameters::EllipticCurve(EllipticCurveKeyParameters {
                    key_type: EllipticCurveKeyType::EC,
                    curve: curve.of_jose(),
                    x: base64url(x),
                    y: base64url(y),
                }))
            }
        }
    }

    fn of(algorithm: AlgorithmParameters) -> Self {
        let jwk = Jwk {
            common: CommonParameters::default(),
            algorithm,
        };
        // A map of `serde_json` is sorted by name and written without spaces, as RFC 7638 wants it; a key always is one.
        let json = serde_json::to_value(&jwk).unwrap_or_default().to_string();
        Self {
            thumbprint: base64url(&Sha256::digest(&json)).into(),
            json: json.into(),
            jwk,
        }
    }

    /// The JWK as a value of the `jsonwebtoken` crate, for headers and key sets. It has neither `kid` nor `alg` nor `use`.
    #[must_use]
    pub const fn as_jwk(&self) -> &Jwk {
        &self.jwk
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

    fn of(json: &str) -> PublicJwk {
        PublicJwk::of(serde_json::from_str(json).unwrap())
    }

    #[test]
    fn the_thumbprint_of_rfc_7638_3_1() {
        let jwk = of(concat!(
            r#"{"e":"AQAB","kty":"RSA","n":"0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECP"#,
            r#"ebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpb"#,
            r#"ISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw"}"#,
        ));
        assert_eq!(jwk.thumbprint(), "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs");
    }

    /// Of the key that has signed the proofs of that RFC: what a token that is bound to it says in `cnf`.
    #[test]
    fn the_thumbprint_of_rfc_9449_6_1() {
        let jwk = of(concat!(
            r#"{"crv":"P-256","kty":"EC","x":"l8tFrhx-34tV3hRICRDY9zCkDlpBhF42UQUfWVAWBFs","#,
            r#""y":"9VE4jf_Ok_o64zbTTlcuNJajHmt6v9TDVrU0CdvGRDA"}"#,
        ));
        assert_eq!(jwk.thumbprint(), "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I");
    }
}
