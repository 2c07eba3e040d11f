//! Postgres: the connection, and what is stored there.

mod rate_limit;
mod server;

pub use rate_limit::PostgresRateLimitStore;
pub use server::PostgresServer;
