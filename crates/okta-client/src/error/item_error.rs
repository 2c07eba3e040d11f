//! An item of a page that cannot be read.

use std::{error::Error as StdError, fmt};

use okta_models::DecodeError;

/// Why an item of a page cannot be read, and which one it is.
#[derive(Debug)]
pub(crate) struct ItemError {
    pub(crate) position: usize,
    pub(crate) reason: DecodeError,
}

impl fmt::Display for ItemError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "item {} of the page (the first is 0)", self.position)
    }
}

impl StdError for ItemError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        Some(&self.reason)
    }
}
