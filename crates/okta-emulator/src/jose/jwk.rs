//! Public keys as JSON Web Keys (RFC 7517), and what they verify (RFC 7518 §3).

use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P384_SHA384_FIXED, ECDSA_P521_SHA512_FIXED, RSA_PKCS1_2048_8192_SHA256,
    RSA_PKCS1_2048_8192_SHA384, RSA_PKCS1_2048_8192_SHA512, RSA_PSS_2048_8192_SHA256, RsaPublicKeyComponents,
    UnparsedPublicKey,
};
use data_encoding::BASE64URL_NOPAD;
use jsonwebtoken::jwk::{
    AlgorithmParameters, CommonParameters, EllipticCurve, EllipticCurveKeyParameters, PublicKeyUse, RSAKeyParameters,
};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::protocol::json::{Object, text};

/// The shortest RSA key that Okta takes.
const LEAST_RSA_BITS: usize = 2048;

/// A public key.
pub(crate) struct Jwk {
    pub(crate) kid: String,
    /// The one algorithm it is for, if it says so. Text, because `jsonwebtoken` has no ES512.
    alg: Option<String>,
    /// The members that make up the key.
    public: AlgorithmParameters,
    key: Key,
}

/// The key as the cryptographic library takes it.
enum Key {
    Rsa { n: Vec<u8>, e: Vec<u8> },
    Ec { curve: EllipticCurve, point: Vec<u8> },
}

impl Jwk {
    /// Reads a key; private members are left out. The error says what is wrong without showing key material.
    pub(crate) fn of(jwk: &Object) -> Result<Self, String> {
        let (key, public) = match text(jwk, "kty") {
            Some("RSA") => {
                let public: RSAKeyParameters = members(jwk, &["kty", "n", "e"])?;
                let n: Vec<u8> = bytes("n", &public.n)?
                    .into_iter()
                    .skip_while(|byte| *byte == 0)
                    .collect();
                let bits = n.len() * 8 - n.first().map_or(0, |byte| byte.leading_zeros() as usize);
                if bits < LEAST_RSA_BITS {
                    return Err("RSA key length in the 'jwks' is less than '2,048' bits for the given key.".to_owned());
                }
                let e = bytes("e", &public.e)?;
                (Key::Rsa { n, e }, AlgorithmParameters::RSA(public))
            }
            Some("EC") => {
                let Some(size) = text(jwk, "crv").and_then(field_size) else {
                    return Err("`crv` has to be P-256, P-384 or P-521".to_owned());
                };
                let public: EllipticCurveKeyParameters = members(jwk, &["kty", "crv", "x", "y"])?;
                let (x, y) = (bytes("x", &public.x)?, bytes("y", &public.y)?);
                if x.len() != size || y.len() != size {
                    return Err("`x` and `y` have to be as long as the curve's field".to_owned());
                }
                let point = [&[4], x.as_slice(), y.as_slice()].concat();
                let curve = public.curve.clone();
                (Key::Ec { curve, point }, AlgorithmParameters::EllipticCurve(public))
            }
            Some(_) => return Err("`kty` has to be RSA or EC".to_owned()),
            None => return Err("`kty` is missing".to_owned()),
        };
        Ok(Self {
            kid: text(jwk, "kid").map_or_else(|| thumbprint(&public), str::to_owned),
            alg: text(jwk, "alg").map(str::to_owned),
            public,
            key,
        })
    }

    /// RFC 7638.
    pub(crate) fn thumbprint(&self) -> String {
        thumbprint(&self.public)
    }

    /// The key as the org shows it.
    pub(crate) fn show(&self) -> Value {
        let mut shown = json!(jsonwebtoken::jwk::Jwk {
            common: CommonParameters {
                public_key_use: Some(PublicKeyUse::Signature),
                key_id: Some(self.kid.clone()),
                ..CommonParameters::default()
            },
            algorithm: self.public.clone(),
        });
        if let Some(alg) = &self.alg {
            shown["alg"] = json!(alg);
        }
        shown
    }

    /// Whether this key made the signature with this algorithm.
    pub(crate) fn verifies(&self, alg: &str, message: &[u8], signature: &[u8]) -> bool {
        if self.alg.as_deref().is_some_and(|own| own != alg) {
            return false;
        }
        match &self.key {
            Key::Rsa { n, e } => {
                let parameters = match alg {
                    "RS256" => &RSA_PKCS1_2048_8192_SHA256,
                    "RS384" => &RSA_PKCS1_2048_8192_SHA384,
                    "RS512" => &RSA_PKCS1_2048_8192_SHA512,
                    "PS256" => &RSA_PSS_2048_8192_SHA256,
                    _ => return false,
                };
                RsaPublicKeyComponents { n, e }
                    .verify(parameters, message, signature)
                    .is_ok()
            }
            Key::Ec { curve, point } => {
                let parameters = match (alg, curve) {
                    ("ES256", EllipticCurve::P256) => &ECDSA_P256_SHA256_FIXED,
                    ("ES384", EllipticCurve::P384) => &ECDSA_P384_SHA384_FIXED,
                    ("ES512", EllipticCurve::P521) => &ECDSA_P521_SHA512_FIXED,
                    _ => return false,
                };
                UnparsedPublicKey::new(parameters, point)
                    .verify(message, signature)
                    .is_ok()
            }
        }
    }
}

/// These members, in the type of their kind of key.
fn members<T: DeserializeOwned>(jwk: &Object, names: &[&str]) -> Result<T, String> {
    let mut members = Object::new();
    for name in names {
        let value = text(jwk, name).ok_or_else(|| format!("`{name}` is missing"))?;
        members.insert((*name).to_owned(), json!(value));
    }
    serde_json::from_value(Value::Object(members)).map_err(|_| "the key is malformed".to_owned())
}

fn bytes(name: &str, encoded: &str) -> Result<Vec<u8>, String> {
    BASE64URL_NOPAD
        .decode(encoded.as_bytes())
        .map_err(|_| format!("`{name}` is not base64url"))
}

/// The length of a coordinate on this curve, in bytes.
fn field_size(curve: &str) -> Option<usize> {
    Some(match curve {
        "P-256" => 32,
        "P-384" => 48,
        "P-521" => 66,
        _ => return None,
    })
}

/// The digest of the required members, which `serde_json` writes in the order of their names and without spaces, as RFC 7638
/// wants it.
fn thumbprint(public: &AlgorithmParameters) -> String {
    sha256(json!(public).to_string().as_bytes())
}

/// The SHA-256 digest, base64url.
pub(crate) fn sha256(message: &[u8]) -> String {
    BASE64URL_NOPAD.encode(&Sha256::digest(message))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn jwk(value: Value) -> Result<Jwk, String> {
        Jwk::of(value.as_object().unwrap())
    }

    fn published() -> Value {
        json!({
            "kty": "RSA",
            "n": "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3\
                  oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZ\
                  Hzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEg\
                  U8awapJzKnqDKgw",
            "e": "AQAB",
            "alg": "RS256",
        })
    }

    #[test]
    fn thumbprints_are_those_of_rfc_7638() {
        let key = jwk(published()).unwrap();
        assert_eq!(key.thumbprint(), "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs");
        assert_eq!(key.kid, key.thumbprint());
    }

    #[test]
    fn the_signature_of_rfc_7515_appendix_a_3_verifies() {
        let key = jwk(json!({
            "kty": "EC",
            "crv": "P-256",
            "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
            "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
        }))
        .unwrap();
        let signed = "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290I\
                      jp0cnVlfQ";
        let signature = BASE64URL_NOPAD
            .decode(b"DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q")
            .unwrap();
        assert!(key.verifies("ES256", signed.as_bytes(), &signature));
        assert!(!key.verifies("ES384", signed.as_bytes(), &signature));
        assert!(!key.verifies("ES256", &signed.as_bytes()[1..], &signature));
    }

    #[test]
    fn what_is_no_key_is_named() {
        let with = |name: &str, value: Value| {
            let mut key = published();
            key[name] = value;
            jwk(key).err().unwrap()
        };
        assert!(with("kty", json!("oct")).contains("kty"));
        assert!(with("n", json!("AQAB")).contains("2,048"));
        assert!(with("n", Value::Null).contains("`n` is missing"));
        assert!(with("e", json!("%")).contains("base64url"));
        assert!(
            jwk(json!({ "kty": "EC", "crv": "secp256k1" }))
                .err()
                .unwrap()
                .contains("crv")
        );
    }

    #[test]
    fn private_members_are_never_shown() {
        let mut key = published();
        key["d"] = json!("canary");
        assert!(!jwk(key).unwrap().show().to_string().contains("canary"));
    }
}
