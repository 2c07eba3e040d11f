use std::{
    fmt,
    time::{Duration, Instant, SystemTime},
};

use crate::future::BoxFuture;

/// The clock and the timer of credentials and of the layers of a stack.
///
/// Everything that measures or waits does so through the clock it was given, so a test runs an hour of timeouts in no time. `okta-transport` has one that asks tokio; implement it for another runtime, or for tests.
pub trait Clock: fmt::Debug + Send + Sync + 'static {
    /// The present moment, for measuring how long something takes.
    fn now(&self) -> Instant;

    /// The present date and time, for what is sent to a server: the life of a signed assertion, for example.
    fn system_time(&self) -> SystemTime;

    /// Completes once `duration` has passed, counted from this call.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future cancels the delay and has no other effect.
    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()>;
}

/// The moment `by` later, or `moment` itself if there is no such moment. What a server, a setting or a clock says never
/// overflows.
pub(crate) fn after(moment: Instant, by: Duration) -> Instant {
    moment.checked_add(by).unwrap_or(moment)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[expect(clippy::disallowed_methods, reason = "any moment will do")]
    fn f13_a_moment_that_does_not_exist_is_no_later_one() {
        let now = Instant::now();
        assert_eq!(after(now, Duration::from_secs(1)) - now, Duration::from_secs(1));
        assert_eq!(after(now, Duration::MAX), now);
    }
}
