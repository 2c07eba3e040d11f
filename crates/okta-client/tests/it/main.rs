//! The client's public surface, over services that answer from a script.
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a failed step fails the test"
)]

mod errors;
mod paging;
mod requests;
mod script;
