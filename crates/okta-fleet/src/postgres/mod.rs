//! Postgres: the connection, and what is stored there.

mod epochs;
mod rate_limit;
mod server;

pub use epochs::PostgresEpochs;
pub use rate_limit::PostgresRateLimitStore;
pub use server::PostgresServer;
