//! What may be shown of a request and its response, in logs and in recordings.

mod header_allow_list;
mod secret_names;
mod secret_segments;
mod url;

pub(crate) use header_allow_list::HeaderAllowList;
#[cfg(feature = "cassette")]
pub(crate) use secret_names::is_secret_name;
pub(crate) use secret_segments::hide_segments;
#[cfg(feature = "cassette")]
pub(crate) use secret_segments::without_userinfo;
pub(crate) use url::{QueryAllowList, SafeUrl};

/// What stands in the place of a value that is not shown, as OpenTelemetry's conventions have it.
pub(crate) const REDACTED: &str = "REDACTED";
