//! The public surface of okta-auth.

#![expect(
    clippy::unwrap_used,
    reason = "clippy excepts test functions by itself, but not their helpers"
)]

mod backends;
mod canary;
mod cancellation;
mod dpop;
mod from_config;
mod keys;
mod nonces;
mod org_origin;
mod outages;
mod pyjwt;
mod renewal;
mod rfc_vectors;
mod shared_handles;
mod support;
mod token;
mod token_requests;
mod wiped;
