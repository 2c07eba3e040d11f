//! What the end-to-end tests of the Okta SDK share: the recorded exchanges, and how JSON is compared.

pub mod arguments;
pub mod census;
pub mod compare;
pub mod conformance;
pub mod corpus;
pub mod golden;
pub mod multipart;
pub mod requests;
pub mod responses;
pub mod shared;
pub mod snapshot;

/// The examples of the README, compiled.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct Readme;
