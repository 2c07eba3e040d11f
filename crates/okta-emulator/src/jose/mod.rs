//! JSON Web Keys and JSON Web Signatures.

pub(crate) mod jwk;
pub(crate) mod jws;
