//! The public surface of okta-auth.

#![expect(
    clippy::unwrap_used,
    reason = "clippy excepts test functions by itself, but not their helpers"
)]

#[cfg(all(feature = "private-key", any(feature = "aws-lc-rs", feature = "ring")))]
mod canary;
#[cfg(all(feature = "private-key", any(feature = "aws-lc-rs", feature = "ring")))]
mod cancellation;
#[cfg(all(feature = "private-key", any(feature = "aws-lc-rs", feature = "ring")))]
mod dpop;
#[cfg(all(feature = "private-key", any(feature = "aws-lc-rs", feature = "ring")))]
mod from_config;
#[cfg(all(feature = "private-key", feature = "aws-lc-rs"))]
mod jose;
#[cfg(all(feature = "private-key", feature = "aws-lc-rs"))]
mod keys;
#[cfg(all(feature = "private-key", any(feature = "aws-lc-rs", feature = "ring")))]
mod nonces;
mod org_origin;
#[cfg(all(feature = "private-key", any(feature = "aws-lc-rs", feature = "ring")))]
mod outages;
#[cfg(all(feature = "private-key", feature = "aws-lc-rs"))]
mod pyjwt;
#[cfg(all(feature = "private-key", any(feature = "aws-lc-rs", feature = "ring")))]
mod renewal;
#[cfg(all(feature = "private-key", any(feature = "aws-lc-rs", feature = "ring")))]
mod rfc_vectors;
#[cfg(all(feature = "private-key", not(feature = "aws-lc-rs"), feature = "ring"))]
mod ring;
#[cfg(all(feature = "private-key", any(feature = "aws-lc-rs", feature = "ring")))]
mod shared_handles;
#[cfg(all(feature = "private-key", any(feature = "aws-lc-rs", feature = "ring")))]
mod support;
mod token;
#[cfg(all(feature = "private-key", any(feature = "aws-lc-rs", feature = "ring")))]
mod token_requests;
#[cfg(all(feature = "private-key", feature = "aws-lc-rs"))]
mod wiped;
#[cfg(not(all(feature = "private-key", any(feature = "aws-lc-rs", feature = "ring"))))]
mod without_keys;
