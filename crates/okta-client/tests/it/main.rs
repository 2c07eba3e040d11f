//! The client's public surface, over services that answer from a script.
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a failed step fails the test"
)]

#[cfg(feature = "blocking")]
mod blocking;
mod bulk;
mod desk;
mod errors;
mod odd_items;
mod paging;
mod per_call;
mod read_ahead;
mod repeating;
mod requests;
mod resume;
mod script;
mod tail;
mod virtual_clock;
mod waiting;
