//! Keys that JWTs are signed with.

pub(crate) mod algorithm;
mod jwk;
pub(crate) mod key_error;
mod pair;
mod pem;
pub(crate) mod public_jwk;
pub(crate) mod signing_key;
pub(crate) mod verifying_key;
