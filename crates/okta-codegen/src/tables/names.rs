//! `names.toml`: groups, method names, type names and variant names.

use indexmap::IndexMap;
use serde::Deserialize;

/// Names that no rule produces.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Names {
    /// The accessors of the client.
    #[serde(rename = "group")]
    pub(crate) groups: Vec<GroupName>,
    /// Operation id → method name.
    pub(crate) methods: IndexMap<String, String>,
    /// Schema name, or the place of an inline schema → type name.
    #[serde(default)]
    pub(crate) types: IndexMap<String, String>,
    /// Enums that inline enums with the same values become.
    #[serde(default)]
    pub(crate) shared_enums: Vec<String>,
    /// `Type.VALUE` → variant name.
    #[serde(default)]
    pub(crate) variants: IndexMap<String, String>,
    /// Operation id → the first line of its documentation.
    #[serde(default)]
    pub(crate) titles: IndexMap<String, String>,
}

/// One accessor of the client.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct GroupName {
    pub(crate) area: String,
    pub(crate) name: String,
    /// What the operations are for, in one line of our own words.
    pub(crate) about: String,
    pub(crate) tags: Vec<String>,
    pub(crate) nouns: Vec<String>,
}

impl Names {
    /// The group of the operations of a tag.
    pub(crate) fn group_of_tag(&self, tag: &str) -> Option<&GroupName> {
        self.groups
            .iter()
            .find(|group| group.tags.iter().any(|other| other == tag))
    }
}
