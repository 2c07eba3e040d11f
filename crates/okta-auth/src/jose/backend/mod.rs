//! The cryptographic library that signs and verifies: the only modules that name it.
//!
//! aws-lc-rs has ring's interface, so what both can do is written once, in `pairs.rs`. aws-lc-rs takes precedence if both
//! are compiled in. Without a library, or without the feature `private-key`, every operation is refused by name.

#![cfg_attr(
    not(all(feature = "private-key", any(feature = "aws-lc-rs", feature = "ring"))),
    allow(dead_code, reason = "without a library there is no key")
)]

#[cfg(all(feature = "private-key", feature = "aws-lc-rs"))]
mod aws_lc;
pub(crate) mod limits;
#[cfg(not(all(feature = "private-key", any(feature = "aws-lc-rs", feature = "ring"))))]
mod none;
#[cfg(all(feature = "private-key", any(feature = "aws-lc-rs", feature = "ring")))]
mod pairs;
#[cfg(all(feature = "private-key", not(feature = "aws-lc-rs"), feature = "ring"))]
mod ring;
pub(crate) mod types;

#[cfg(all(feature = "private-key", feature = "aws-lc-rs"))]
pub(crate) use aws_lc::has_curve;
#[cfg(not(all(feature = "private-key", any(feature = "aws-lc-rs", feature = "ring"))))]
pub(crate) use none::{EcPair, RsaPair, has_curve, verify};
#[cfg(all(feature = "private-key", any(feature = "aws-lc-rs", feature = "ring")))]
pub(crate) use pairs::{EcPair, RsaPair, verify};
#[cfg(all(feature = "private-key", not(feature = "aws-lc-rs"), feature = "ring"))]
pub(crate) use ring::has_curve;
