//! End-to-end tests: the facade, through the real stack, against the emulator over HTTPS.
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a failed step fails the test"
)]

mod bad_input;
mod extremes;
mod free_form;
mod golden_requests;
mod layers;
mod models;
mod odd_bodies;
mod org;
mod recordings;
mod secrets;
mod walk_through;
