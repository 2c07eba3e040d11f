//! `areas.toml`: what each area is, and which of the types that several areas use are documented there.

use serde::Deserialize;

use super::layout::longest_fit;

/// The table.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Areas {
    #[serde(default, rename = "area")]
    pub(crate) areas: Vec<AreaName>,
}

/// One area.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct AreaName {
    pub(crate) name: String,
    /// The first line of its page, in our own words.
    pub(crate) about: String,
    /// Patterns of the names of shared types: a beginning, or `*` and an end.
    #[serde(default)]
    pub(crate) shared: Vec<String>,
}

impl Areas {
    /// The area of this name.
    pub(crate) fn find(&self, name: &str) -> Option<&AreaName> {
        self.areas.iter().find(|area| area.name == name)
    }

    /// The area whose module has a shared type, by the longest pattern that fits, and that pattern.
    pub(crate) fn home(&self, type_name: &str) -> Option<(&AreaName, &str)> {
        let fitting = self
            .areas
            .iter()
            .filter_map(|area| Some((area, longest_fit(&area.shared, type_name)?)));
        fitting.max_by_key(|(_, pattern)| pattern.len())
    }
}
