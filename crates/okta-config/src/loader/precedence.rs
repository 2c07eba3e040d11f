//! Which source's value counts: decided by the `config` crate, which carries each value together with its origin.

use std::collections::BTreeMap;
use std::fmt;

use config::{Config, ConfigError, Map, Source, Value, ValueKind};

use crate::error::Fault;
use crate::loader::layer::Layer;
use crate::loader::raw::{Entry, Raw};
use crate::origin::Origin;
use crate::setting::Setting;

/// The winner of every setting that has a value. Lower layers come first.
pub(super) fn winners(layers: Vec<Layer>) -> Result<BTreeMap<Setting, Entry>, ConfigError> {
    let mut register = Register::default();
    let mut builder = Config::builder();
    for (rank, layer) in layers.into_iter().enumerate() {
        builder = builder.add_source(register.referred(rank, layer));
    }
    let merged = builder.build()?;
    let winners = Setting::ALL.iter().filter_map(|&setting| {
        let path = setting.key().split('.');
        let winner = path
            .into_iter()
            .try_fold(&merged.cache, |value, part| match &value.kind {
                ValueKind::Table(table) => table.get(part),
                _ => None,
            })?;
        Some((setting, register.entry(winner)?))
    });
    Ok(winners.collect())
}

/// What the origins of the values in the `config` crate refer to: there an origin is text, here it has parts.
#[derive(Default)]
struct Register(Vec<Reference>);

struct Reference {
    origin: Origin,
    rank: usize,
    /// Why there is no value, although its source has one.
    fault: Option<Fault>,
}

impl Register {
    fn referred(&mut self, rank: usize, layer: Layer) -> ReferredLayer {
        let values = layer.entries.into_iter().map(|(setting, entry)| {
            let number = self.0.len().to_string();
            // A value that its source spoils takes part without a value: what it overrides must not count instead.
            let (kind, fault) = match entry.raw {
                Ok(raw) => (raw.into_kind(), None),
                Err(fault) => (ValueKind::Nil, Some(fault)),
            };
            self.0.push(Reference {
                origin: entry.origin,
                rank,
                fault,
            });
            (setting.key().to_owned(), Value::new(Some(&number), kind))
        });
        ReferredLayer(values.collect())
    }

    fn entry(&self, winner: &Value) -> Option<Entry> {
        let reference = self.0.get(winner.origin()?.parse::<usize>().ok()?)?;
        let raw = match &reference.fault {
            Some(fault) => Err(fault.clone()),
            None => Ok(Raw::from_kind(&winner.kind)?),
        };
        Some(Entry {
            raw,
            origin: reference.origin.clone(),
            rank: reference.rank,
        })
    }
}

/// A layer whose values refer to a [`Register`].
#[derive(Clone)]
struct ReferredLayer(Map<String, Value>);

impl Source for ReferredLayer {
    fn clone_into_box(&self) -> Box<dyn Source + Send + Sync> {
        Box::new(self.clone())
    }

    fn collect(&self) -> Result<Map<String, Value>, ConfigError> {
        Ok(self.0.clone())
    }
}

/// Names only: the values may be secret.
impl fmt::Debug for ReferredLayer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}
