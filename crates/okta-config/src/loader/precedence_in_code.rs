//! Which call's value counts, where code is the only source: the last one.

use std::collections::BTreeMap;
use std::convert::Infallible;

use crate::loader::layer::Layer;
use crate::loader::raw::Entry;
use crate::setting::Setting;

/// The winner of every setting that has a value. Lower layers come first.
pub(super) fn winners(layers: Vec<Layer>) -> Result<BTreeMap<Setting, Entry>, Infallible> {
    let ranked = layers.into_iter().enumerate().flat_map(|(rank, layer)| {
        let entries = layer.entries.into_iter();
        entries.map(move |(setting, entry)| (setting, Entry { rank, ..entry }))
    });
    Ok(ranked.collect())
}
