//! Retries: the layer, the retry policy, and the report of what was tried.

mod attempt_loop;
pub(crate) mod attempts;
mod backoff;
pub(crate) mod budget;
pub(crate) mod default_policy;
pub(crate) mod failure;
pub(crate) mod layer;
pub(crate) mod policy;
pub(crate) mod retry_error;
mod retry_headers;
