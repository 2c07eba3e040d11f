//! Arguments that cannot be sent.

use std::fmt;

use http::HeaderName;
use okta_config::OrgUrl;
use okta_models::expression::ExpressionError;

use super::{sanitized_line::SanitizedLine, shown_address::ShownAddress};

/// An invalid argument, found before anything is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RequestError(String);

impl RequestError {
    pub(crate) fn path_argument(name: &str, value: &str) -> Self {
        let what = if value.is_empty() {
            "is empty".to_owned()
        } else {
            format!("is `{value}`")
        };
        Self(format!(
            "the argument `{name}` {what}, which would address another resource: give an id or a name"
        ))
    }
    pub(crate) fn header(name: &str) -> Self {
        Self(format!(
            "the header `{name}` has a name or a value that HTTP does not allow: leave out control characters and line breaks"
        ))
    }
    pub(crate) fn connection_header(name: &HeaderName) -> Self {
        Self(format!(
            "the header `{name}` belongs to the connection and is set when the request is sent: leave it out"
        ))
    }
    pub(crate) fn body(error: &serde_json::Error) -> Self {
        Self(format!("the body cannot be written as JSON: {error}"))
    }
    pub(crate) fn expression(name: &str, error: &ExpressionError) -> Self {
        Self(format!(
            "the expression of the query parameter `{name}` is invalid: {error}"
        ))
    }
    pub(crate) fn upload() -> Self {
        Self("the file's name or content type holds a line break: leave it out".to_owned())
    }
    pub(crate) fn address(address: &str) -> Self {
        let address = ShownAddress(address);
        Self(format!(
            "`{address}` is not a valid address: percent-encode the characters that an address does not allow"
        ))
    }
    pub(crate) fn backslash(path: &str) -> Self {
        let path = ShownAddress(path);
        Self(format!(
            "the path `{path}` holds a backslash, which some servers take for a `/`: percent-encode it"
        ))
    }
    pub(crate) fn dot_segment(path: &str) -> Self {
        let path = ShownAddress(path);
        Self(format!(
            "the path `{path}` holds a dot segment, which would address another resource: write the path out"
        ))
    }
    pub(crate) fn foreign_address(address: &str, org_url: &OrgUrl) -> Self {
        let address = ShownAddress(address);
        Self(format!(
            "`{address}` is not an address of {org_url}: use a path that starts with `/`, or an address of this org"
        ))
    }
    pub(crate) fn cursor_of_another_list(cursor: &str, list: &str) -> Self {
        let cursor = cursor.split('?').next().unwrap_or_default();
        let list = ShownAddress(list);
        Self(format!(
            "the cursor leads to `{cursor}`, which is not the list {list}: resume the list it was taken from"
        ))
    }
    pub(crate) fn bounded_tail() -> Self {
        Self("a tail follows the log into the future: leave out `until` and a descending `sortOrder`".to_owned())
    }
    #[cfg(feature = "blocking")]
    pub(crate) fn blocking_in_runtime() -> Self {
        Self(
            "blocking would stop the runtime that is running here: use `.await` instead of `call`, or call from a thread \
             without a runtime (in `spawn_blocking`: `Handle::current().block_on`)"
                .to_owned(),
        )
    }
    #[cfg(feature = "blocking")]
    pub(crate) fn no_runtime(error: &std::io::Error) -> Self {
        Self(format!("no runtime can be started: {error}"))
    }
}

impl fmt::Display for RequestError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        SanitizedLine(&self.0).fmt(f)
    }
}
