#![expect(clippy::disallowed_methods, reason = "this is the one place where time comes from")]

use std::time::{Duration, Instant, SystemTime};

use okta_auth::{BoxFuture, Clock};

/// Tokio's time, which stands still in tests that pause it. The date is the system's.
#[derive(Clone, Copy, Debug, Default)]
pub struct TokioClock;

impl Clock for TokioClock {
    fn now(&self) -> Instant {
        tokio::time::Instant::now().into_std()
    }

    fn system_time(&self) -> SystemTime {
        SystemTime::now()
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        Box::pin(tokio::time::sleep(duration))
    }
}
