use std::{fmt, sync::Arc};

use crate::{
    future::BoxFuture,
    jose::{
        key::{algorithm::SigningAlgorithm, signing_key::SigningKey},
        sign_error::SignError,
    },
};

/// Signs assertions with a key that may never be seen: in a key management service, a hardware module, an agent.
///
/// [`SigningKey`](crate::SigningKey) is a signer for keys in this process. The documentation of this crate has an example.
pub trait AssertionSigner: fmt::Debug + Send + Sync + 'static {
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
    fn sign<'a>(&'a self, message: &'a [u8]) -> BoxFuture<'a, Result<Vec<u8>, SignError>>;
}

impl<S: AssertionSigner + ?Sized> AssertionSigner for Arc<S> {
    fn algorithm(&self) -> SigningAlgorithm {
        (**self).algorithm()
    }

    fn key_id(&self) -> Option<&str> {
        (**self).key_id()
    }

    fn sign<'a>(&'a self, message: &'a [u8]) -> BoxFuture<'a, Result<Vec<u8>, SignError>> {
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

    fn sign<'a>(&'a self, message: &'a [u8]) -> BoxFuture<'a, Result<Vec<u8>, SignError>> {
        Box::pin(std::future::ready(Self::sign(self, message)))
    }
}
