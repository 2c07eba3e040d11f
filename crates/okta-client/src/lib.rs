// The README's programs run as tests if the features that they use are enabled.
#![cfg_attr(any(not(doctest), feature = "loader"), doc = include_str!("../README.md"))]
//!
//! # The guide
//!
//! Short pages with examples, in [`guide`]:
//! [configuration](guide::configuration) · [authentication](guide::authentication) · [calls](guide::calls) ·
//! [models](guide::models) · [expressions](guide::expressions) · [writing back](guide::writing_back) ·
//! [paging](guide::paging) · [errors](guide::errors) · [waiting](guide::waiting) · [System Log](guide::system_log) ·
//! [timeouts](guide::timeouts) · [rate limits](guide::rate_limits) · [fleets](guide::fleet) · [stack](guide::stack) ·
//! [security](guide::security) · [logging](guide::logging) · [blocking](guide::blocking) · [testing](guide::testing) ·
//! [preflight](guide::preflight) · [troubleshooting](guide::troubleshooting) · [coming from other SDKs](guide::coming_from)
//!
//! The operations are in [`api`], by area. To find one, type its operationId (`listUsers`) or a scope (`okta.users.read`)
//! into the search.
#![cfg_attr(docsrs, feature(doc_cfg))]
// Without some areas parts of the machinery have no user, and some links of the documentation no target.
#![cfg_attr(
    not(feature = "all-areas"),
    allow(dead_code, unused_imports, unused_macros, rustdoc::broken_intra_doc_links)
)]

pub mod api;
mod background;
#[cfg(feature = "blocking")]
pub mod blocking;
mod builder;
mod bulk;
pub mod call;
mod client;
mod error;
mod exchange;
pub mod guide;
#[cfg(feature = "logs")]
pub mod log_tail;
#[cfg(feature = "logging")]
pub mod logging;
mod operations;
pub mod paging;
#[cfg(feature = "policies")]
mod policy_order;
pub mod preflight;
pub mod prelude;
pub mod request;
pub mod response;
pub mod wait;

pub use builder::{BuildError, OktaClientBuilder};
pub use bulk::{Bulk, Progress, bulk};
pub use client::OktaClient;
pub use error::{ApiError, Error, ErrorCause};
#[cfg(feature = "logs")]
pub use log_tail::Tail;
pub use okta_auth as auth;
pub use okta_config as config;
pub use okta_config::OrgUrl;
pub use okta_models as models;
pub use okta_transport as transport;
pub use okta_transport::{Body, BoxError, CallOptions, HttpService, rate_limit::RateLimit};
pub use operations::{Operations, OperationsIter};
pub use paging::{Page, Pager, Pages, UndecodableItem};
#[cfg(feature = "policies")]
pub use policy_order::ReorderError;
pub use request::Cursor;
pub use response::Response;
pub use wait::{Wait, WaitError, WaitReason, Waiting, wait_until};

/// The table of all operations that have a method (those of the areas whose features are enabled), to list them or to search by id, path, tag or scope.
#[must_use]
pub const fn operations() -> Operations {
    Operations::new(api::ALL)
}
