//! Keys, signatures and the compact form of a JWT.

pub(crate) mod backend;
pub(crate) mod ecdsa_signature;
pub(crate) mod header;
pub(crate) mod jwt;
pub(crate) mod key;
pub(crate) mod sign_error;
