//! Building a client: settings, the default stack, and the ways to replace parts of it.

mod build_error;
mod client_builder;
mod constructors;
mod stack;

pub use build_error::BuildError;
pub use client_builder::OktaClientBuilder;
