//! The values of one source under the keys of the settings.

use std::collections::BTreeMap;

use crate::error::{Fault, Problem, Warning};
use crate::loader::coerce;
use crate::loader::raw::Entry;
use crate::loader::unsupported::Found;
use crate::setting::Setting;

/// What one source turned out to hold.
#[derive(Default)]
pub(super) struct Contents {
    pub(super) layer: Layer,
    pub(super) warnings: Vec<Warning>,
    pub(super) unsupported: Vec<Found>,
    /// Why (parts of) the source could not be read.
    pub(super) problems: Vec<Problem>,
}

/// The values of one source, at most one for each setting.
#[derive(Default)]
pub(super) struct Layer {
    pub(super) entries: BTreeMap<Setting, Entry>,
}

impl Layer {
    /// Settles which value each setting has where a source names it more than once: all must agree.
    pub(super) fn settle(named: Vec<(Setting, Entry)>) -> Self {
        let mut entries: BTreeMap<Setting, Entry> = BTreeMap::new();
        for (setting, entry) in named {
            match entries.remove(&setting) {
                None => entries.insert(setting, entry),
                Some(first) => entries.insert(setting, agreed(setting, first, entry)),
            };
        }
        Self { entries }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
}

fn agreed(setting: Setting, first: Entry, second: Entry) -> Entry {
    match (&first.raw, &second.raw) {
        (Ok(one), Ok(other)) if coerce::same(setting.shape(), one, other) => first,
        (Err(_), _) => first,
        (_, Err(_)) => second,
        _ => {
            let message = format!("has another value in {}, and both are set", second.origin);
            Entry::new(
                Err(Fault::new(message, "remove one of them or make them agree")),
                first.origin,
            )
        }
    }
}
