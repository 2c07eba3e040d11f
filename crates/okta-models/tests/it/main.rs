//! The generated models, read from the responses that broke other SDKs.
//!
//! Each test is named after what it shows; the comment above it names the issue or the recordings it stems from. The JSON is
//! our own, in the shape that was reported.
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a failed step fails the test"
)]

mod application_users;
mod applications;
mod authenticators;
mod authorization_servers;
mod directories;
mod domains;
mod email_servers;
mod expressions;
mod factors;
mod groups;
mod hooks;
mod identity_providers;
mod keys;
mod log_streams;
mod logs;
mod mappings;
mod nulls_and_dates;
mod org;
mod policies;
mod policy_rules;
mod requests;
mod roles;
mod schemas;
mod support;
mod users;
mod writes;
mod zones;
