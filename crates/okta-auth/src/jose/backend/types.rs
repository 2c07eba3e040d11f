//! What the libraries have in common.

use crate::jose::{
    backend::limits::LIMIT,
    key::{algorithm::Curve, key_error::KeyError},
};

/// Why the library takes no key of these numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rejection {
    TooSmall,
    TooLarge,
    Inconsistent,
    Other,
}

/// The numbers of an RSA key, big-endian.
pub(crate) struct RsaNumbers<'a> {
    pub(crate) n: &'a [u8],
    pub(crate) e: &'a [u8],
    pub(crate) d: &'a [u8],
    pub(crate) p: &'a [u8],
    pub(crate) q: &'a [u8],
    pub(crate) dp: &'a [u8],
    pub(crate) dq: &'a [u8],
    pub(crate) qi: &'a [u8],
}

/// A public key: what a JWK says.
#[derive(Clone, Debug)]
pub(crate) enum PublicKey {
    Rsa { n: Vec<u8>, e: Vec<u8> },
    Ec { curve: Curve, point: Vec<u8> },
}

/// The error of what this library cannot do.
pub(crate) const fn needs_backend(what: &'static str) -> KeyError {
    KeyError::NeedsBackend { what, limit: LIMIT }
}
