//! The errors of the crate, and how to find them among the sources of another.

pub(crate) mod build_error;
pub mod causes;
pub(crate) mod connect_error;
pub(crate) mod name_lookup_error;
pub(crate) mod response_body_error;
pub(crate) mod timeout_error;
pub(crate) mod tls;
