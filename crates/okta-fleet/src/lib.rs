//! Several processes that share what Okta counts once.
//!
//! - **Rate limits**: a store for [`Fleet`](okta_transport::rate_limit::Fleet), in Redis (feature `redis`), in Postgres
//!   (feature `postgres`), or in memory for several limiters of one process ([`MemoryRateLimitStore`]).
//! - **Tokens** ([`tokens`]): one process requests an access token, the others use it. Tokens are encrypted before they leave
//!   the process.
//! - **One tail of many** ([`epochs`]): a lease elects the process that writes, and what an earlier one writes late is
//!   refused.
//!
//! No feature is on by default.
#![cfg_attr(docsrs, feature(doc_cfg))]

pub mod epochs;
mod ledger;
mod memory;
#[cfg(feature = "postgres")]
mod postgres;
#[cfg(feature = "redis")]
mod redis;
pub mod tokens;

pub use memory::MemoryRateLimitStore;
#[cfg(feature = "postgres")]
pub use postgres::{PostgresEpochs, PostgresRateLimitStore, PostgresServer};
#[cfg(feature = "redis")]
pub use redis::{RedisEpochs, RedisRateLimitStore, RedisServer, RedisServerBuilder, RedisServerError, RedisTokenStore};
