use http::{HeaderValue, Method, Uri, uri::Scheme};
use serde::Serialize;

use crate::jose::{
    header::{HeaderFields, encoded_header},
    jwt::{signing_input, unique_id, with_signature},
    key::{algorithm::SigningAlgorithm, key_error::KeyError, public_jwk::PublicJwk, signing_key::SigningKey},
    sign_error::SignError,
};

/// A key that access tokens are bound to. It proves with each request that the token is sent by its owner.
#[derive(Debug)]
pub struct DpopKey {
    key: SigningKey,
    /// The header of all proofs, in base64url: it says which key it is.
    header: Result<String, SignError>,
}

/// The claims of a proof.
#[derive(Serialize)]
struct Claims<'a> {
    jti: &'a str,
    htm: &'a str,
    htu: &'a str,
    iat: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    nonce: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ath: Option<&'a str>,
}

/// What a proof is about (RFC 9449 §4.2).
#[derive(Clone, Copy, Debug)]
pub struct Proof<'a> {
    /// The method of the request.
    pub method: &'a Method,
    /// The absolute address of the request. Query and fragment are left out of the proof.
    pub uri: &'a Uri,
    /// When it is made, by the server's clock, in seconds since 1970.
    pub issued_at: u64,
    /// The nonce the server has asked for last.
    pub nonce: Option<&'a str>,
    /// The hash of the access token that goes with it: SHA-256 in base64url. `None` for the token endpoint.
    pub access_token_hash: Option<&'a str>,
}

impl DpopKey {
    /// Makes a new key, which lives in this process only.
    ///
    /// # Errors
    ///
    /// [`KeyError::NotGenerated`] if the system provides no random numbers.
    pub fn generate(algorithm: SigningAlgorithm) -> Result<Self, KeyError> {
        SigningKey::generate(algorithm).map(Self::new)
    }

    /// Takes a key that is there already. Do not take the one that assertions are signed with.
    #[must_use]
    pub fn new(key: SigningKey) -> Self {
        let header = HeaderFields {
            typ: "dpop+jwt",
            kid: None,
            jwk: Some(key.public_jwk().as_jwk()),
        };
        Self {
            header: encoded_header(key.algorithm(), &header),
            key,
        }
    }

    /// The public half.
    #[must_use]
    pub fn public_jwk(&self) -> &PublicJwk {
        self.key.public_jwk()
    }

    /// Makes a proof, with a new identifier, as the value of a `DPoP` header.
    ///
    /// # Errors
    ///
    /// [`SignError`] when the cryptographic library fails.
    pub fn prove(&self, proof: &Proof<'_>) -> Result<HeaderValue, SignError> {
        let claims = Claims {
            jti: &unique_id()?,
            htm: proof.method.as_str(),
            htu: &target(proof.uri),
            iat: proof.issued_at,
            nonce: proof.nonce,
            ath: proof.access_token_hash,
        };
        let input = signing_input(self.header.as_ref().map_err(Clone::clone)?, &claims)?;
        let signature = self.key.sign(input.as_bytes())?;
        let mut value = HeaderValue::try_from(with_signature(input, &signature)).map_err(SignError::new)?;
        value.set_sensitive(true);
        Ok(value)
    }
}

/// The address as the server sees it (`htu`): without query and fragment, and normalized (RFC 9449 §4.3).
fn target(uri: &Uri) -> String {
    let host = uri.host().unwrap_or_default().to_ascii_lowercase();
    let path = match uri.path() {
        "" => "/",
        path => path,
    };
    let scheme = uri.scheme_str().unwrap_or("https");
    match (uri.port_u16(), uri.scheme()) {
        (None, _) => format!("{scheme}://{host}{path}"),
        (Some(443), Some(of)) if *of == Scheme::HTTPS => format!("{scheme}://{host}{path}"),
        (Some(80), Some(of)) if *of == Scheme::HTTP => format!("{scheme}://{host}{path}"),
        (Some(port), _) => format!("{scheme}://{host}:{port}{path}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_target_has_neither_query_nor_the_port_that_goes_without_saying() {
        for (uri, expected) in [
            (
                "https://acme.okta.com/api/v1/users?after=x",
                "https://acme.okta.com/api/v1/users",
            ),
            ("HTTPS://ACME.okta.com:443/Api", "https://acme.okta.com/Api"),
            ("https://acme.okta.com", "https://acme.okta.com/"),
            ("https://acme.okta.com:8443/a%2Fb", "https://acme.okta.com:8443/a%2Fb"),
            ("http://127.0.0.1:80/", "http://127.0.0.1/"),
            ("http://[::1]:443/x", "http://[::1]:443/x"),
        ] {
            assert_eq!(target(&uri.parse().unwrap()), expected, "{uri}");
        }
    }
}
