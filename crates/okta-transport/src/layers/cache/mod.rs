//! The response cache and its stores.
//!
//! | File | |
//! |---|---|
//! | `layer` | what happens to a request |
//! | `outcome` | what happens to its response |
//! | `policy` | what may be cached at all |
//! | `key` | what makes two requests the same |
//! | `tag` | what a write makes obsolete |
//! | `flight` | a request that several calls share |
//! | `in_flight` | one request a key; reads and writes that overlap |
//! | `body_recorder` | a body that is cached while it is read |
//! | `entry`, `value` | a response as it is cached: in memory, and as bytes |
//! | `store`, `shared_store`, `guarded_store` | what a store has to do, a pointer to any, and how little it is trusted |
//! | `handle` | what a program removes itself |

mod body_recorder;
mod entry;
mod flight;
mod guarded_store;
pub(crate) mod handle;
mod in_flight;
pub(crate) mod key;
pub(crate) mod layer;
#[cfg(feature = "cache-moka")]
pub(crate) mod moka_store;
mod outcome;
mod policy;
#[cfg(feature = "redis")]
mod redis_connection;
#[cfg(feature = "redis")]
pub(crate) mod redis_store;
mod settings;
pub(crate) mod shared_store;
pub(crate) mod status;
pub(crate) mod store;
pub(crate) mod tag;
pub(crate) mod value;
