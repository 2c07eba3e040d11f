use std::{fmt, future::Future, sync::Arc, time::Duration};

use secrecy::SecretString;

use crate::{future::BoxFuture, jose::sign_error::SignError};

/// How long an assertion is good for. It is used at once; the rest is for clocks that differ.
pub(crate) const LIFE: Duration = Duration::from_secs(5 * 60);

/// A source of assertions, one for each request to the token endpoint.
///
/// Implement [`AssertionSigner`](crate::AssertionSigner) instead if you can sign. Implement this, with `assertion` as an
/// `async fn`, if another program makes the whole assertion, a sidecar for example, and give it to
/// [`ClientCredentials::with_assertions`](crate::ClientCredentials::with_assertions). An assertion that exists is a
/// [`GivenAssertion`](crate::GivenAssertion).
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a source of assertions",
    note = "give what can sign (an `AssertionSigner`) to `ClientCredentials::new`"
)]
pub trait AssertionSource: Send + Sync + 'static {
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
    fn assertion(&self, request: &AssertionRequest<'_>)
    -> impl Future<Output = Result<SecretString, SignError>> + Send;
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

impl<T: AssertionSource> AssertionSource for Arc<T> {
    fn assertion(
        &self,
        request: &AssertionRequest<'_>,
    ) -> impl Future<Output = Result<SecretString, SignError>> + Send {
        (**self).assertion(request)
    }
}

/// Any [`AssertionSource`] behind a pointer. `Debug` shows nothing of it.
#[derive(Clone)]
pub struct SharedAssertionSource(Arc<dyn dynamic::AssertionSource>);

impl SharedAssertionSource {
    /// Takes the source, or an `Arc` of one whose handle you keep.
    pub fn new(source: impl AssertionSource) -> Self {
        Self(Arc::new(source))
    }

    /// See [`AssertionSource::assertion`].
    ///
    /// # Errors
    ///
    /// Those of the source.
    pub fn assertion<'a>(
        &'a self,
        request: &'a AssertionRequest<'a>,
    ) -> BoxFuture<'a, Result<SecretString, SignError>> {
        self.0.assertion(request)
    }
}

impl<T: AssertionSource> From<T> for SharedAssertionSource {
    fn from(source: T) -> Self {
        Self::new(source)
    }
}

impl fmt::Debug for SharedAssertionSource {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("SharedAssertionSource")
    }
}

/// The trait with boxed futures.
mod dynamic {
    use secrecy::SecretString;

    use super::AssertionRequest;
    use crate::{future::BoxFuture, jose::sign_error::SignError};

    pub(super) trait AssertionSource: Send + Sync {
        fn assertion<'a>(&'a self, request: &'a AssertionRequest<'a>)
        -> BoxFuture<'a, Result<SecretString, SignError>>;
    }

    impl<T: super::AssertionSource> AssertionSource for T {
        fn assertion<'a>(
            &'a self,
            request: &'a AssertionRequest<'a>,
        ) -> BoxFuture<'a, Result<SecretString, SignError>> {
            Box::pin(T::assertion(self, request))
        }
    }
}
