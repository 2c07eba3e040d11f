//! `operations.toml`: facts about an operation that the document does not contain.

use indexmap::IndexMap;
use serde::Deserialize;

/// Facts about operations, by operation id.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Facts {
    /// Lists that end with a link to poll for what comes later.
    pub(crate) polls: Vec<String>,
    /// Operations whose body is really optional; for all others it is an argument, even if the document says otherwise.
    pub(crate) optional_bodies: Vec<String>,
    /// Operations that return another area's types, and therefore do not decide which area those are in.
    pub(crate) borrowers: IndexMap<String, String>,
    /// Operations that return an object around a list, and where the items are in it.
    pub(crate) items_at: IndexMap<String, Vec<String>>,
    /// Query parameters named `search` or `filter` that take an expression, as `operation.parameter`.
    #[serde(default)]
    pub(crate) expressions: Vec<String>,
    /// Query parameters named `search` or `filter` that take a keyword instead.
    #[serde(default)]
    pub(crate) keywords: Vec<String>,
    /// Headers whose value ends with a list that the caller gives.
    pub(crate) header_lists: IndexMap<String, HeaderList>,
}

/// A header of which the caller sets only a list.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct HeaderList {
    /// The setter's name.
    pub(crate) setter: String,
    /// The text before the list.
    pub(crate) prefix: String,
    /// Values that Okta knows.
    pub(crate) values: Vec<String>,
}

impl Facts {
    /// Every operation id that the table names.
    pub(crate) fn ids(&self) -> impl Iterator<Item = &str> {
        let lists = self.polls.iter().chain(&self.optional_bodies);
        let parameters = self.expressions.iter().chain(&self.keywords);
        lists
            .chain(self.borrowers.keys())
            .chain(self.items_at.keys())
            .map(String::as_str)
            .chain(parameters.filter_map(|place| place.split('.').next()))
    }
}
