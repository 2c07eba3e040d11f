//! Items of a page that could not be decoded.

use std::str::from_utf8;

use bytes::Bytes;

/// A list item that could not be decoded as the documented type, with its JSON.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct UndecodableItem {
    pub(super) position: usize,
    pub(super) json: Bytes,
}

impl UndecodableItem {
    pub(super) fn new(position: usize, json: Bytes) -> Self {
        Self { position, json }
    }
    /// Its position in the page; the first item is 0.
    #[must_use]
    pub fn position(&self) -> usize {
        self.position
    }
    /// Its JSON.
    #[must_use]
    pub fn json(&self) -> &str {
        // The page was checked to be UTF-8.
        from_utf8(&self.json).unwrap_or_default()
    }
}
