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
#[cfg(feature = "logging")]
pub mod logging;
mod operations;
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
pub use operations::Operations;
pub use paging::{Cursor, OddItem, Page, Pager, Pages};
pub use response::Response;
pub use tail::{CursorStore, FileStore, MemoryStore, Tail, TailPosition, TailStop};
pub use waiting::{Wait, WaitError, wait_until};

/// All operations that have a method, to go through or to search by id, path, tag or scope.
#[must_use]
pub const fn operations() -> Operations {
    Operations::new(api::ALL)
}
