//! Proofs that a token is sent by the client it was issued to: DPoP (RFC 9449).

pub(crate) mod headers;
pub(crate) mod key;
pub(crate) mod keys;
pub(crate) mod nonces;
pub(crate) mod settings;
