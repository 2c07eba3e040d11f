//! A cache of responses, and where it keeps them.
//!
//! | File | |
//! |---|---|
//! | `layer` | what happens to a request |
//! | `answer` | what happens to its response |
//! | `policy` | what may be cached at all |
//! | `key` | what makes two requests the same |
//! | `tag` | what a write makes obsolete |
//! | `flight` | a request that several calls share |
//! | `in_flight` | one request a key; reads and writes that overlap |
//! | `recording` | a body that is kept while it is read |
//! | `entry` | a response as bytes |
//! | `store`, `store_access` | what a store has to do, and how little it is trusted |

mod answer;
mod entry;
mod flight;
mod in_flight;
mod key;
mod layer;
mod mode;
#[cfg(feature = "cache-moka")]
mod moka_store;
mod policy;
mod recording;
#[cfg(feature = "redis")]
mod redis_connection;
#[cfg(feature = "redis")]
mod redis_store;
mod settings;
mod status;
mod store;
mod store_access;
mod tag;

pub use key::CacheKey;
pub use layer::{Cache, CacheLayer};
pub use mode::CacheMode;
#[cfg(feature = "cache-moka")]
pub use moka_store::MokaStore;
#[cfg(feature = "redis")]
pub use redis_store::{RedisStore, RedisStoreError};
pub use status::CacheStatus;
pub use store::{CacheStore, Lookup, Ticket};
pub use tag::Tag;
