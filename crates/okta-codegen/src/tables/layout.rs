//! `layout.toml`: the files of areas that need several.

use serde::Deserialize;

/// The files of all areas that need several.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Layout {
    #[serde(default, rename = "file")]
    files: Vec<LayoutFile>,
}

/// One file of an area.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub(crate) struct LayoutFile {
    pub(crate) area: String,
    /// The module's name.
    pub(crate) name: String,
    /// What its types are, after "Types of the area: ".
    pub(crate) about: String,
    /// Patterns of type names: a beginning, or `*` and an end.
    pub(crate) types: Vec<String>,
}

impl Layout {
    /// The files of an area, in the table's order; none if the area is one file.
    pub(crate) fn files<'a>(&'a self, area: &'a str) -> impl Iterator<Item = &'a LayoutFile> {
        self.files.iter().filter(move |file| file.area == area)
    }

    /// The areas that the table names.
    pub(crate) fn areas(&self) -> impl Iterator<Item = &str> {
        self.files.iter().map(|file| file.area.as_str())
    }
}

impl LayoutFile {
    /// The longest pattern that fits the name of a type.
    pub(crate) fn fits(&self, type_name: &str) -> Option<&str> {
        longest_fit(&self.types, type_name)
    }
}

/// The longest of the patterns (a beginning, or `*` and an end) that fits the name of a type.
pub(super) fn longest_fit<'a>(patterns: &'a [String], type_name: &str) -> Option<&'a str> {
    let fitting = patterns.iter().filter(|pattern| match pattern.strip_prefix('*') {
        Some(end) => type_name.ends_with(end),
        None => type_name.starts_with(pattern.as_str()),
    });
    fitting.max_by_key(|pattern| pattern.len()).map(String::as_str)
}
