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
mod empty_values;
#[cfg(feature = "hyper")]
mod error_chain;
mod errors;
mod events;
mod guards;
mod liveness;
mod optional;
mod own_types;
mod paging;
mod per_call;
mod policy_order;
mod preflight;
mod read_ahead;
mod repeating;
mod requests;
mod resume;
mod script;
#[cfg(feature = "hyper")]
mod settings;
mod tail;
mod tail_waits;
mod undecodable_items;
mod virtual_clock;
mod waiting;
