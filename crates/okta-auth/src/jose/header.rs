//! The header of a JWT.

use jsonwebtoken::{Algorithm, Header, jwk::Jwk};
use serde::Serialize;

use crate::jose::{jwt::encoded, key::algorithm::SigningAlgorithm, sign_error::SignError};

/// What goes into a header apart from the algorithm.
pub(crate) struct HeaderFields<'a> {
    pub(crate) typ: &'a str,
    pub(crate) kid: Option<&'a str>,
    pub(crate) jwk: Option<&'a Jwk>,
}

/// The header of the one algorithm that `jsonwebtoken` does not have.
#[derive(Serialize)]
struct Es512Header<'a> {
    typ: &'a str,
    alg: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    kid: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    jwk: Option<&'a Jwk>,
}

/// The header in base64url.
pub(crate) fn encoded_header(algorithm: SigningAlgorithm, fields: &HeaderFields<'_>) -> Result<String, SignError> {
    let &HeaderFields { typ, kid, jwk } = fields;
    match Algorithm::try_from(algorithm) {
        Ok(algorithm) => encoded(&Header {
            typ: Some(typ.to_owned()),
            kid: kid.map(str::to_owned),
            jwk: jwk.cloned(),
            ..Header::new(algorithm)
        }),
        Err(_) => encoded(&Es512Header {
            typ,
            alg: algorithm.as_str(),
            kid,
            jwk,
        }),
    }
}
