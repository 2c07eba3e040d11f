//! A value as its source gives it, before it is typed.

#[cfg(feature = "loader")]
use config::ValueKind;

use crate::error::Fault;
use crate::origin::Origin;

/// A value as its source gives it: every number and boolean is still text.
#[derive(Clone, PartialEq, Eq)]
pub(super) enum Raw {
    Text(String),
    List(Vec<String>),
}

#[cfg(feature = "loader")]
impl Raw {
    /// The form in which the `config` crate carries it.
    pub(super) fn into_kind(self) -> ValueKind {
        match self {
            Self::Text(text) => ValueKind::from(text),
            Self::List(items) => ValueKind::from(items),
        }
    }

    /// Reads back what [`Raw::into_kind`] made; `None` for anything else.
    pub(super) fn from_kind(kind: &ValueKind) -> Option<Self> {
        let text = |kind: &ValueKind| match kind {
            ValueKind::String(text) => Some(text.clone()),
            _ => None,
        };
        match kind {
            ValueKind::Array(items) => items
                .iter()
                .map(|item| text(&item.kind))
                .collect::<Option<_>>()
                .map(Self::List),
            other => text(other).map(Self::Text),
        }
    }
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
