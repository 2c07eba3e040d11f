use std::sync::Arc;

use rustls::crypto::CryptoProvider;

use crate::error::build_error::BuildError;

/// The cryptography this crate was built with.
///
/// It is passed on, never installed: a library must not decide for the whole process, nor depend on who else has decided.
#[cfg(feature = "aws-lc-rs")]
pub(super) fn provider() -> Result<Arc<CryptoProvider>, BuildError> {
    Ok(Arc::new(rustls::crypto::aws_lc_rs::default_provider()))
}

#[cfg(all(feature = "ring", not(feature = "aws-lc-rs")))]
pub(super) fn provider() -> Result<Arc<CryptoProvider>, BuildError> {
    Ok(Arc::new(rustls::crypto::ring::default_provider()))
}

/// Not a compile error: a custom configuration needs no provider of this crate.
#[cfg(not(any(feature = "aws-lc-rs", feature = "ring")))]
pub(super) fn provider() -> Result<Arc<CryptoProvider>, BuildError> {
    Err(BuildError::NoCryptography)
}
