//! One source's values, named and settled, in the form in which the `config` crate lays sources over one another.

use std::collections::BTreeMap;
use std::fmt;

use config::{Config, Map, Source, Value, ValueKind};

use crate::error::Fault;
use crate::loader::coerce;
use crate::origin::Origin;
use crate::setting::Setting;

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

/// The values of one source.
#[derive(Clone, Default)]
pub(super) struct Layer {
    entries: BTreeMap<Setting, Entry>,
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

    /// Values of which the last one given is meant, as with calls of a builder.
    pub(super) fn last_wins(named: Vec<(Setting, Entry)>) -> Self {
        Self {
            entries: named.into_iter().collect(),
        }
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

/// The winner of every setting that has a value. Lower layers come first.
pub(super) fn merge(layers: &[Layer]) -> Result<BTreeMap<Setting, Entry>, config::ConfigError> {
    let merged = layers
        .iter()
        .fold(Config::builder(), |builder, layer| builder.add_source(layer.clone()))
        .build()?;
    let winners = Setting::ALL.iter().filter_map(|&setting| {
        let winning_origin = setting
            .key()
            .split('.')
            .try_fold(&merged.cache, |value, part| match &value.kind {
                ValueKind::Table(table) => table.get(part),
                _ => None,
            });
        let winning_origin = winning_origin?.origin();
        let (rank, entry) = layers
            .iter()
            .enumerate()
            .rev()
            .filter_map(|(rank, layer)| Some((rank, layer.entries.get(&setting)?)))
            .find(|(_, entry)| Some(entry.origin.to_string().as_str()) == winning_origin)?;
        let mut entry = entry.clone();
        entry.rank = rank;
        Some((setting, entry))
    });
    Ok(winners.collect())
}

impl Source for Layer {
    fn clone_into_box(&self) -> Box<dyn Source + Send + Sync> {
        Box::new(self.clone())
    }

    fn collect(&self) -> Result<Map<String, Value>, config::ConfigError> {
        let values = self.entries.iter().map(|(setting, entry)| {
            let kind = match &entry.raw {
                Ok(Raw::Text(text)) => ValueKind::from(text.clone()),
                Ok(Raw::List(items)) => ValueKind::from(items.clone()),
                Err(_) => ValueKind::Nil,
            };
            (
                setting.key().to_owned(),
                Value::new(Some(&entry.origin.to_string()), kind),
            )
        });
        Ok(values.collect())
    }
}

/// Names only: the values may be secret.
impl fmt::Debug for Layer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.entries.keys()).finish()
    }
}
