//! Several processes that share what Okta counts once.
//!
//! - **Rate limits**: a store for [`Fleet`](okta_transport::rate_limit::Fleet), in Redis (feature `redis`), in Postgres
//!   (feature `postgres`), or in memory for several limiters of one process ([`MemoryRateLimitStore`]).
//!
//! No feature is on by default.

mod ledger;
mod memory;
#[cfg(feature = "postgres")]
mod postgres;
#[cfg(feature = "redis")]
mod redis;

pub use memory::MemoryRateLimitStore;
#[cfg(feature = "postgres")]
pub use postgres::{PostgresRateLimitStore, PostgresServer};
#[cfg(feature = "redis")]
pub use redis::{RedisRateLimitStore, RedisServer, RedisServerError};
