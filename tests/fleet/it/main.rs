//! `okta-fleet` with real servers: Redis, a Redis Cluster of three nodes, Postgres.

#![expect(
    clippy::panic,
    clippy::unwrap_used,
    reason = "clippy excepts test functions by itself, but not their helpers"
)]

mod epochs;
mod program;
mod rate_limits;
mod sentinels;
mod tokens;

use std::time::Duration;

use okta_auth::Clock;
use okta_transport::TokioClock;

/// Waits for real: the servers' clocks do not stand still.
async fn pause(milliseconds: u64) {
    TokioClock.sleep(Duration::from_millis(milliseconds)).await;
}
