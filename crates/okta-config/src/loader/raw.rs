//! A value as its source gives it, before it is typed.

use crate::error::Fault;
use crate::origin::Origin;

/// A value as its source gives it: every number and boolean is still text.
#[derive(Clone, PartialEq, Eq)]
pub(super) enum Raw {
    Text(String),
    List(Vec<String>),
}

/// A value with its place. One that its source already spoils keeps the reason instead, for it may yet be overridden.
#[derive(Clone)]
pub(super) struct Entry {
    pub(super) raw: Result<Raw, Fault>,
    pub(super) origin: Origin,
    /// Which source it is from, by their order; the same for all values of one source.
    pub(super) rank: usize,
}

impl Entry {
    pub(super) fn new(raw: Result<Raw, Fault>, origin: Origin) -> Self {
        Self { raw, origin, rank: 0 }
    }
}
