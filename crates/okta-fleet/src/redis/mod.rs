//! Redis: the connection, and what is stored there.

mod builder;
mod epochs;
mod rate_limit;
mod server;
mod tokens;

pub use builder::RedisServerBuilder;
pub use epochs::RedisEpochs;
pub use rate_limit::RedisRateLimitStore;
pub use server::{RedisServer, RedisServerError};
pub use tokens::RedisTokenStore;
