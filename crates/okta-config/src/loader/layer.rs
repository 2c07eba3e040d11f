//! The values of one source under the keys of the settings.

use std::collections::BTreeMap;

#[cfg(feature = "loader")]
use crate::error::Fault;
#[cfg(feature = "loader")]
use crate::loader::coerce;
use crate::loader::raw::Entry;
use crate::setting::Setting;

/// The values of one source, at most one for each setting.
#[derive(Default)]
pub(super) struct Layer {
    pub(super) entries: BTreeMap<Setting, Entry>,
}

impl Layer {
    /// Settles which value each setting has where a source names it more than once: all must agree.
    #[cfg(feature = "loader")]
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

#[cfg(feature = "loader")]
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
