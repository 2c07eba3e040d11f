#![doc = include_str!("../README.md")]

#[path = "generated/mod.rs"]
pub mod api;
#[cfg(feature = "blocking")]
pub mod blocking;
mod builder;
mod bulk;
mod client;
pub mod core;
mod error;
mod paging;
mod response;
mod tail;
mod waiting;

pub use builder::{BuildError, OktaClientBuilder};
pub use bulk::{Bulk, Progress, bulk};
pub use client::OktaClient;
pub use error::{ApiError, Error, ErrorCause};
pub use okta_auth as auth;
pub use okta_config as config;
pub use okta_config::OrgUrl;
pub use okta_models as models;
pub use okta_transport as transport;
pub use okta_transport::{Body, BoxError, CallOptions, HttpService, RateLimit};
pub use paging::{Cursor, OddItem, Page, Pager, Pages};
pub use response::Response;
pub use tail::{CursorStore, FileStore, MemoryStore, Tail, TailPosition, TailStop};
pub use waiting::{Wait, WaitError, wait_until};

/// All operations that have a method, with what is known about each: id, method, path, scopes, credentials.
///
/// Useful for asking for the scopes a program needs, or for a table of what may be called.
#[must_use]
pub fn operations() -> &'static [&'static transport::Operation] {
    api::ALL
}
