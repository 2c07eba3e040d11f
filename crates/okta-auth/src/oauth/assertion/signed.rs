use secrecy::SecretString;
use serde_json::json;

use crate::{
    jose::{
        jwt::{signing_input, unique_id, with_signature},
        sign_error::SignError,
    },
    oauth::assertion::{
        signer::SharedAssertionSigner,
        source::{AssertionRequest, AssertionSource},
    },
};

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
        let mut header = json!({"alg": signer.algorithm().as_str(), "typ": "JWT"});
        if let Some(key_id) = signer.key_id() {
            header["kid"] = key_id.into();
        }
        let claims = json!({
            "iss": request.client_id(),
            "sub": request.client_id(),
            "aud": request.audience(),
            "iat": request.issued_at(),
            "exp": request.expires_at(),
            "jti": unique_id()?,
        });
        let input = signing_input(&header, &claims);
        let signature = signer.sign(input.as_bytes()).await?;
        Ok(with_signature(input, &signature).into())
    }
}
