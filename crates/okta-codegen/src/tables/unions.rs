//! `unions.toml`: the strategy for a union if the default rule does not fit.

use indexmap::IndexMap;
use serde::Deserialize;

/// Union schema → strategy.
#[derive(Debug, Default, Deserialize)]
#[serde(transparent)]
pub(crate) struct Unions(IndexMap<String, Strategy>);

/// What a union becomes.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Strategy {
    /// One struct with the members of all variants.
    Merge,
}

impl Unions {
    pub(crate) fn strategy(&self, schema: &str) -> Option<Strategy> {
        self.0.get(schema).copied()
    }

    /// The schemas that the table names.
    pub(crate) fn schemas(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }
}
