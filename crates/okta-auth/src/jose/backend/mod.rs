//! The cryptographic library that signs and verifies: the only modules that name it.
//!
//! aws-lc-rs has ring's interface, so what both can do is written once, in `pairs.rs`. aws-lc-rs takes precedence if both
//! are compiled in. Without a library, or without the feature `private-key`, every operation is refused by name.

#![cfg_attr(
    not(all(feature = "private-key", any(feature = "aws-lc-rs", feature = "ring"))),
    allow(dead_code, reason = "without a library there is no key")
)]

use crate::jose::key::{algorithm::Curve, key_error::KeyError};

#[cfg(all(feature = "private-key", feature = "aws-lc-rs"))]
mod aws_lc;
#[cfg(all(feature = "private-key", not(feature = "aws-lc-rs"), feature = "ring"))]
mod ring;

#[cfg(all(feature = "private-key", feature = "aws-lc-rs"))]
use aws_lc as library;
#[cfg(all(feature = "private-key", not(feature = "aws-lc-rs"), feature = "ring"))]
use ring as library;

#[cfg(all(feature = "private-key", any(feature = "aws-lc-rs", feature = "ring")))]
mod pairs;
#[cfg(all(feature = "private-key", any(feature = "aws-lc-rs", feature = "ring")))]
pub(crate) use {
    library::{IS_THERE, LIMIT, SUPPORTED, has_curve},
    pairs::{EcPair, RsaPair, verify},
};

#[cfg(not(all(feature = "private-key", any(feature = "aws-lc-rs", feature = "ring"))))]
mod none;
#[cfg(not(all(feature = "private-key", any(feature = "aws-lc-rs", feature = "ring"))))]
pub(crate) use none::{EcPair, IS_THERE, LIMIT, RsaPair, SUPPORTED, has_curve, verify};

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
