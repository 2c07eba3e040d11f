use secrecy::SecretString;
use serde::Serialize;

use crate::{
    jose::{
        header::{HeaderFields, encoded_header},
        jwt::{signing_input, unique_id, with_signature},
        sign_error::SignError,
    },
    oauth::assertion::{
        signer::SharedAssertionSigner,
        source::{AssertionRequest, AssertionSource},
    },
};

/// The claims of an assertion (RFC 7523 §3).
#[derive(Serialize)]
struct Claims<'a> {
    iss: &'a str,
    sub: &'a str,
    aud: &'a str,
    iat: u64,
    exp: u64,
    jti: &'a str,
}

/// Assertions that are made here and signed by a signer.
#[derive(Debug)]
pub(crate) struct SignedAssertions(SharedAssertionSigner);

impl SignedAssertions {
    pub(crate) const fn new(signer: SharedAssertionSigner) -> Self {
        Self(signer)
    }
}

impl AssertionSource for SignedAssertions {
    async fn assertion(&self, request: &AssertionRequest<'_>) -> Result<SecretString, SignError> {
        let Self(signer) = self;
        let header = HeaderFields {
            typ: "JWT",
            kid: signer.key_id(),
            jwk: None,
        };
        let claims = Claims {
            iss: request.client_id(),
            sub: request.client_id(),
            aud: request.audience(),
            iat: request.issued_at(),
            exp: request.expires_at(),
            jti: &unique_id()?,
        };
        let input = signing_input(&encoded_header(signer.algorithm(), &header)?, &claims)?;
        let signature = signer.sign(input.as_bytes()).await?;
        Ok(with_signature(input, &signature).into())
    }
}
