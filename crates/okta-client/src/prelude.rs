//! What a program names where it calls Okta: `use okta_client::prelude::*;`.
//!
//! | Name | Because |
//! |---|---|
//! | [`OktaClient`] | every function that calls takes one |
//! | [`Error`] | and fails with one |
//! | [`models`] | and takes or gives a record: `models::User` |
//! | [`attr`], [`not`], [`Expression`] | conditions for `search` and `filter`: [`guide::expressions`](crate::guide::expressions) |
//! | [`CallOptions`] | one call done differently: [`guide::calls`](crate::guide::calls) |
//! | [`Page`], [`Pages`], [`Pager`], [`Cursor`] | lists, and where they go on: [`guide::paging`](crate::guide::paging) |
//! | [`wait_until`], [`Wait`], [`bulk()`] | waiting, and many calls at a time: [`guide::waiting`](crate::guide::waiting) |
//!
//! No method needs a trait to be imported: custom attributes (`get`, `set`, `with`) are methods of the models themselves. Left out
//! is what is named once, where the client is built ([`OktaClientBuilder`](crate::OktaClientBuilder),
//! [`BuildError`](crate::BuildError), [`auth`](crate::auth), [`config`](crate::config), [`transport`](crate::transport)), traits that one
//! implements ([`CheckpointStore`](crate::log_tail::CheckpointStore)), and names that other crates give to other things
//! ([`Response`](crate::Response), [`Body`](crate::Body)). Your own name takes precedence over one of these.
//!
//! ```
//! use okta_client::prelude::*;
//!
//! async fn logins(okta: &OktaClient) -> Result<Vec<String>, Error> {
//!     let users: Vec<models::User> = okta.users().list().stream().try_collect().await?;
//!     Ok(users.into_iter().filter_map(|user| user.profile?.login).collect())
//! }
//! ```

pub use okta_models as models;
pub use okta_models::expression::{Expression, attr, not};
pub use okta_transport::CallOptions;

pub use crate::{
    bulk::bulk,
    client::OktaClient,
    error::Error,
    paging::{Page, Pager, Pages},
    request::Cursor,
    wait::{Wait, wait_until},
};
