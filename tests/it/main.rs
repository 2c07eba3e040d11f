//! End-to-end tests: the facade, through the real stack, against the emulator over HTTPS.
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a failed step fails the test"
)]

mod bad_input;
mod canaries;
#[path = "../../examples/support/connect_proxy.rs"]
mod connect_proxy;
mod doctor;
mod expressions;
mod extremes;
mod free_form;
mod golden_requests;
mod layers;
mod log_capture;
mod models;
mod oauth;
mod odd_bodies;
mod org;
mod rate_limits;
mod recorded_writes;
mod recordings;
mod secrets;
mod sent;
mod virtual_clock;
mod walk_through;
mod write_pairs;
