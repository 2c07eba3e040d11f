//! Waiting for what Okta does in its own time.

mod backoff;
mod failure_tracker;
mod observer;
mod wait_error;
mod wait_until;

pub use observer::{WaitReason, Waiting};
pub use wait_error::WaitError;
pub use wait_until::{Wait, wait_until};

pub(crate) use backoff::Backoff;
pub(crate) use failure_tracker::{FailureTracker, asked_delay};
pub(crate) use observer::Observer;
