use std::{fmt, time::Duration};

use secrecy::SecretString;
use serde_json::json;

use crate::{
    future::BoxFuture,
    jose::{
        jwt::{signing_input, unique_id, with_signature},
        sign_error::SignError,
    },
    oauth::assertion::signer::AssertionSigner,
};

/// How long an assertion is good for. It is used at once; the rest is for clocks that differ.
pub(crate) const LIFE: Duration = Duration::from_secs(5 * 60);

/// A source of assertions, one for each request to the token endpoint.
///
/// Every [`AssertionSigner`] is one already, a [`SigningKey`](crate::SigningKey) among them: implement that if you can
/// sign. Implement this if another program makes the whole assertion, a sidecar for example. An assertion that exists is a
/// [`GivenAssertion`](crate::GivenAssertion).
pub trait AssertionSource: fmt::Debug + Send + Sync + 'static {
    /// The assertion for one request.
    ///
    /// Okta takes no assertion with the same `jti` twice, not even one that came with a request it refused, so this is
    /// called again for every attempt.
    ///
    /// # Errors
    ///
    /// [`SignError`]; it is shown to users, so it must hold no secret.
    ///
    /// # Cancel safety
    ///
    /// The future may be dropped at any time.
    fn assertion<'a>(&'a self, request: &'a AssertionRequest<'a>) -> BoxFuture<'a, Result<SecretString, SignError>>;
}

/// What an assertion is requested for.
#[derive(Clone, Copy, Debug)]
pub struct AssertionRequest<'a> {
    client_id: &'a str,
    audience: &'a str,
    issued_at: u64,
}

impl<'a> AssertionRequest<'a> {
    /// An assertion of this client for this token endpoint, made at this time in seconds since 1970.
    #[must_use]
    pub const fn new(client_id: &'a str, audience: &'a str, issued_at: u64) -> Self {
        Self {
            client_id,
            audience,
            issued_at,
        }
    }

    /// The client id: the `iss` and the `sub` of the assertion.
    #[must_use]
    pub const fn client_id(&self) -> &'a str {
        self.client_id
    }

    /// The address of the token endpoint: the `aud` of the assertion.
    #[must_use]
    pub const fn audience(&self) -> &'a str {
        self.audience
    }

    /// The time, as far as is known by the server's clock, in seconds since 1970: the `iat` of the assertion.
    #[must_use]
    pub const fn issued_at(&self) -> u64 {
        self.issued_at
    }

    /// When the assertion should end, 5 minutes later: its `exp`.
    #[must_use]
    pub const fn expires_at(&self) -> u64 {
        self.issued_at.saturating_add(LIFE.as_secs())
    }
}

impl<S: AssertionSigner> AssertionSource for S {
    fn assertion<'a>(&'a self, request: &'a AssertionRequest<'a>) -> BoxFuture<'a, Result<SecretString, SignError>> {
        Box::pin(async move {
            let mut header = json!({"alg": self.algorithm().as_str(), "typ": "JWT"});
            if let Some(key_id) = self.key_id() {
                header["kid"] = key_id.into();
            }
            let claims = json!({
                "iss": request.client_id,
                "sub": request.client_id,
                "aud": request.audience,
                "iat": request.issued_at,
                "exp": request.expires_at(),
                "jti": unique_id()?,
            });
            let input = signing_input(&header, &claims);
            let signature = self.sign(input.as_bytes()).await?;
            Ok(with_signature(input, &signature).into())
        })
    }
}
