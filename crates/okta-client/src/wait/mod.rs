//! Waiting for what Okta does in its own time.

mod backoff;
mod failure_tracker;
mod observer;
mod wait;
mod wait_error;

pub use observer::{WaitReason, Waiting};
pub use wait::{Wait, wait_until};
pub use wait_error::WaitError;

pub(crate) use backoff::Backoff;
pub(crate) use failure_tracker::{FailureTracker, asked_delay};
pub(crate) use observer::Observer;
