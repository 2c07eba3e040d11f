//! A store that does not keep the position of a tail.

use std::fmt;

use okta_transport::BoxError;

use super::sanitized_line::SanitizedLine;

/// Why a tail cannot go on: its store does not tell or keep the position.
#[derive(Debug)]
pub(crate) struct CheckpointError {
    /// What cannot be done, with its preposition: `loaded from`, `saved in`.
    pub(crate) action: &'static str,
    /// How the store calls itself.
    pub(crate) store: String,
    /// Why; the source of the error.
    pub(crate) error: BoxError,
}

impl fmt::Display for CheckpointError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "the position of the tail cannot be {} {}; no event is lost: fix the store, then ask for the next event again",
            self.action,
            SanitizedLine(&self.store),
        )
    }
}
