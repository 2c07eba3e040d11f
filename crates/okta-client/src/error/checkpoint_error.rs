//! A checkpoint store that fails.

use std::fmt;

use okta_transport::BoxError;

use super::sanitized_line::SanitizedLine;

/// Why a tail cannot continue: its store does not load or save the checkpoint.
#[derive(Debug)]
pub(crate) struct CheckpointError {
    /// What cannot be done, with its preposition: `loaded from`, `saved in`.
    pub(crate) action: &'static str,
    /// The name of the store.
    pub(crate) store: String,
    /// Why; the source of the error.
    pub(crate) error: BoxError,
}

impl fmt::Display for CheckpointError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "the checkpoint of the tail cannot be {} {}; no event is lost: fix the store, then ask for the next event again",
            self.action,
            SanitizedLine(&self.store),
        )
    }
}
