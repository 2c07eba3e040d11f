//! The HTTP API's own vocabulary: calls, replies, errors, pages and filters. It knows no org.

pub(crate) mod call;
pub(crate) mod error;
pub(crate) mod filter;
pub(crate) mod json;
pub(crate) mod oauth_error;
pub(crate) mod paging;
pub(crate) mod query;
pub(crate) mod reply;
pub(crate) mod sorting;
