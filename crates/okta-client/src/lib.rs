#![doc = include_str!("../README.md")]
//!
//! # The guide
//!
//! Short pages with examples, in [`guide`]:
//! [configuration](guide::configuration) · [authentication](guide::authentication) · [calls](guide::calls) ·
//! [models](guide::models) · [paging](guide::paging) · [errors](guide::errors) · [waiting](guide::waiting) ·
//! [System Log](guide::system_log) · [stack](guide::stack) · [logging](guide::logging) · [blocking](guide::blocking) ·
//! [testing](guide::testing)
//!
//! The operations are in [`api`], by area. To find one, type its operationId (`listUsers`) or a scope (`okta.users.read`)
//! into the search.

#[path = "generated/mod.rs"]
pub mod api;
#[cfg(feature = "blocking")]
pub mod blocking;
mod builder;
mod bulk;
mod client;
pub mod core;
mod error;
pub mod guide;
#[cfg(feature = "logging")]
pub mod logging;
mod operations;
mod paging;
mod policy_order;
pub mod prelude;
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
pub use policy_order::ReorderError;
pub use response::Response;
pub use tail::{CursorStore, FileStore, MemoryStore, Tail, TailPosition, TailStop};
pub use waiting::{Wait, WaitError, WaitReason, Waiting, wait_until};

/// All operations that have a method, to go through or to search by id, path, tag or scope.
#[must_use]
pub const fn operations() -> Operations {
    Operations::new(api::ALL)
}
