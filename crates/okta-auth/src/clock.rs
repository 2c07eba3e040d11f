use std::{
    fmt,
    time::{Duration, Instant, SystemTime},
};

use crate::BoxFuture;

/// Where credentials and the layers of a stack take the time from and how they wait.
///
/// Whatever measures or waits does it through the clock it was given, so a test can run an hour of timeouts in no time at
/// all. `okta-transport` has one that asks tokio; implement it for another runtime, or for tests.
pub trait Clock: fmt::Debug + Send + Sync + 'static {
    /// The present moment, for measuring how long something takes.
    fn now(&self) -> Instant;

    /// The present date and time, for what is sent to somebody else: the life of a signed assertion, for example.
    fn system_time(&self) -> SystemTime;

    /// Completes once `duration` has passed, counted from this call.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future ends the wait and has no other effect.
    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()>;
}
