//! The client: an org, and the stack that leads to it.
//!
//! Everything else adds its methods to [`OktaClient`] beside what they return: the groups of operations in `api`, `request` in
//! `call`, `wait` in `wait`, the constructors in `builder`, `block_on` in `blocking`.

mod client;
#[cfg(feature = "blocking")]
mod runtime;

pub use client::OktaClient;
