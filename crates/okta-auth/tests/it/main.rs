//! The public surface of okta-auth.

#![expect(
    clippy::unwrap_used,
    reason = "clippy excepts test functions by itself, but not their helpers"
)]

mod canary;
mod from_config;
mod org_origin;
mod token;
mod trait_object;
