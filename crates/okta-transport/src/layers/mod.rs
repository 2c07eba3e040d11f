//! The layers of the stack, in files named as in the table of the README. Layers share `request`, `headers`, `time` and
//! `error`; between layers only the errors of one are known to another.

pub(crate) mod attempt_timeout;
pub(crate) mod auth;
pub(crate) mod body_idle_timeout;
pub(crate) mod buffer_body;
pub(crate) mod cache;
#[cfg(feature = "__decompression")]
pub(crate) mod decompression;
pub(crate) mod default_headers;
pub(crate) mod guard;
pub(crate) mod rate_limit;
pub(crate) mod retry;
pub(crate) mod total_timeout;
pub(crate) mod tracing;
