//! Real time: a soak does not run by an injected clock.

#![expect(clippy::disallowed_methods, reason = "a soak runs by real time")]

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use tokio::time::{sleep, timeout};

pub(crate) fn now() -> Instant {
    Instant::now()
}

pub(crate) fn since(moment: Instant) -> Duration {
    now().saturating_duration_since(moment)
}

pub(crate) fn unix_time() -> Duration {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default()
}

pub(crate) async fn pause(duration: Duration) {
    sleep(duration).await;
}

/// The output of the future, or `None` if it is not there in time.
pub(crate) async fn limited<F: Future>(limit: Duration, future: F) -> Option<F::Output> {
    timeout(limit, future).await.ok()
}
