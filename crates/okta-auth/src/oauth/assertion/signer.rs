use std::{fmt, future::Future, sync::Arc};

use crate::{
    future::BoxFuture,
    jose::{
        key::{algorithm::SigningAlgorithm, signing_key::SigningKey},
        sign_error::SignError,
    },
};

/// Signs assertions with a key that may never be seen: in a key management service, a hardware module, an agent.
///
/// [`SigningKey`](crate::SigningKey) is a signer for keys in this process. Write `sign` as an `async fn`; the documentation of this
/// crate has an example.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot sign assertions",
    note = "implement `AssertionSigner` for it, or give whole assertions (an `AssertionSource`) to \
            `ClientCredentials::with_assertions`"
)]
pub trait AssertionSigner: Send + Sync + 'static {
    /// The algorithm, which goes into the header of the assertion.
    fn algorithm(&self) -> SigningAlgorithm;

    /// The id (`kid`) under which Okta knows the public key; without it Okta tries all keys of the app.
    fn key_id(&self) -> Option<&str> {
        None
    }

    /// Signs a message, in the form of a JWS (RFC 7518 §3.4).
    ///
    /// For ECDSA that is the two numbers one after the other. Most services return DER instead:
    /// [`SigningAlgorithm::signature_from_der`] makes one of the other.
    ///
    /// # Errors
    ///
    /// [`SignError::new`] takes any error; it is shown to users, so it must hold no secret.
    ///
    /// # Cancel safety
    ///
    /// The future may be dropped at any time.
    fn sign(&self, message: &[u8]) -> impl Future<Output = Result<Vec<u8>, SignError>> + Send;
}

impl<T: AssertionSigner> AssertionSigner for Arc<T> {
    fn algorithm(&self) -> SigningAlgorithm {
        (**self).algorithm()
    }

    fn key_id(&self) -> Option<&str> {
        (**self).key_id()
    }

    fn sign(&self, message: &[u8]) -> impl Future<Output = Result<Vec<u8>, SignError>> + Send {
        (**self).sign(message)
    }
}

impl AssertionSigner for SigningKey {
    fn algorithm(&self) -> SigningAlgorithm {
        Self::algorithm(self)
    }

    fn key_id(&self) -> Option<&str> {
        Self::key_id(self)
    }

    async fn sign(&self, message: &[u8]) -> Result<Vec<u8>, SignError> {
        Self::sign(self, message)
    }
}

/// Any [`AssertionSigner`] behind a pointer. `Debug` shows the algorithm and the key id alone.
#[derive(Clone)]
pub struct SharedAssertionSigner(Arc<dyn dynamic::AssertionSigner>);

impl SharedAssertionSigner {
    /// Takes the signer, or an `Arc` of one whose handle you keep.
    pub fn new(signer: impl AssertionSigner) -> Self {
        Self(Arc::new(signer))
    }

    /// See [`AssertionSigner::algorithm`].
    #[must_use]
    pub fn algorithm(&self) -> SigningAlgorithm {
        self.0.algorithm()
    }

    /// See [`AssertionSigner::key_id`].
    #[must_use]
    pub fn key_id(&self) -> Option<&str> {
        self.0.key_id()
    }

    /// See [`AssertionSigner::sign`].
    ///
    /// # Errors
    ///
    /// Those of the signer.
    pub fn sign<'a>(&'a self, message: &'a [u8]) -> BoxFuture<'a, Result<Vec<u8>, SignError>> {
        self.0.sign(message)
    }
}

impl<T: AssertionSigner> From<T> for SharedAssertionSigner {
    fn from(signer: T) -> Self {
        Self::new(signer)
    }
}

impl fmt::Debug for SharedAssertionSigner {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("SharedAssertionSigner")
            .field("algorithm", &self.algorithm())
            .field("key_id", &self.key_id())
            .finish_non_exhaustive()
    }
}

/// The trait with boxed futures.
mod dynamic {
    use crate::{
        future::BoxFuture,
        jose::{key::algorithm::SigningAlgorithm, sign_error::SignError},
    };

    pub(super) trait AssertionSigner: Send + Sync {
        fn algorithm(&self) -> SigningAlgorithm;
        fn key_id(&self) -> Option<&str>;
        fn sign<'a>(&'a self, message: &'a [u8]) -> BoxFuture<'a, Result<Vec<u8>, SignError>>;
    }

    impl<T: super::AssertionSigner> AssertionSigner for T {
        fn algorithm(&self) -> SigningAlgorithm {
            T::algorithm(self)
        }

        fn key_id(&self) -> Option<&str> {
            T::key_id(self)
        }

        fn sign<'a>(&'a self, message: &'a [u8]) -> BoxFuture<'a, Result<Vec<u8>, SignError>> {
            Box::pin(T::sign(self, message))
        }
    }
}
