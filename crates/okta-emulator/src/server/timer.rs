//! The real time that a server spends waiting; the org's clock has no part in it.
//!
//! The only module that waits for time to pass.
#![expect(clippy::disallowed_methods, reason = "the home of waiting in this crate")]

use std::time::Duration;

/// How long a server that cannot accept connections waits before it tries again.
pub(super) const PAUSE: Duration = Duration::from_millis(100);

/// How long requests that have begun may take after the server was asked to stop.
const GRACE: Duration = Duration::from_secs(5);

/// Lets others free what is missing.
pub(super) async fn pause() {
    tokio::time::sleep(PAUSE).await;
}

/// Lets so much time pass.
pub(super) async fn wait(duration: Duration) {
    tokio::time::sleep(duration).await;
}

/// What a server waits for, unless it takes too long.
pub(super) async fn within<T>(limit: Duration, awaited: impl Future<Output = T>) -> Option<T> {
    tokio::time::timeout(limit, awaited).await.ok()
}

/// Waits for an end that may not come.
pub(super) async fn bounded(end: impl Future<Output = ()>) {
    let _ = tokio::time::timeout(GRACE, end).await;
}
