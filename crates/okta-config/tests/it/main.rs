//! The public surface of okta-config, in one test binary.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "helpers of tests fail the test"
)]

mod client_config;
mod in_code;
mod org_url;
mod private_key;
mod proxy;

#[cfg(feature = "loader")]
mod absence;
#[cfg(feature = "loader")]
mod base;
#[cfg(feature = "loader")]
mod coercion;
#[cfg(feature = "loader")]
mod credentials;
#[cfg(feature = "loader")]
mod effective;
#[cfg(feature = "loader")]
mod files;
#[cfg(feature = "loader")]
mod quotation_marks;
#[cfg(feature = "loader")]
mod readme;
#[cfg(feature = "loader")]
mod robustness;
#[cfg(feature = "loader")]
mod samples;
#[cfg(feature = "loader")]
mod sandbox;
#[cfg(feature = "loader")]
mod secrets;
#[cfg(feature = "loader")]
mod sources;
#[cfg(feature = "loader")]
mod spellings;
#[cfg(feature = "loader")]
mod unsupported;
#[cfg(feature = "loader")]
mod user_sources;
#[cfg(feature = "loader")]
mod validation;
#[cfg(feature = "loader")]
mod warnings;
