#![expect(clippy::disallowed_methods, reason = "this is the one place where time comes from")]

use std::{fmt, time::Duration, time::Instant};

use okta_auth::BoxFuture;

/// Where a stack takes the time from and how it waits.
///
/// Every layer that measures or waits does it through the clock it was given, so a test can run an hour of timeouts in
/// no time at all. Implement it for a runtime other than tokio.
pub trait Clock: fmt::Debug + Send + Sync + 'static {
    /// The present moment.
    fn now(&self) -> Instant;

    /// Completes once `duration` has passed, counted from this call.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future ends the wait and has no other effect.
    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()>;
}

/// Tokio's time, which stands still in tests that pause it.
#[derive(Clone, Copy, Debug, Default)]
pub struct TokioClock;

impl Clock for TokioClock {
    fn now(&self) -> Instant {
        tokio::time::Instant::now().into_std()
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        Box::pin(tokio::time::sleep(duration))
    }
}
