//! How a client proves its identity to the token endpoint: a signed assertion (RFC 7523).

pub(crate) mod given;
pub(crate) mod signed;
pub(crate) mod signer;
pub(crate) mod source;
