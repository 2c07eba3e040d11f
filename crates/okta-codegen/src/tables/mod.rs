//! The reviewed tables: what the document does not say, or says wrongly.
//!
//! They are part of the program, so that one build of it always does the same; only the texts of `docs/` and
//! `examples/` are read from the source tree each time.

mod areas;
mod docs;
mod elsewhere;
mod examples;
mod facts;
mod folder;
mod idempotency;
mod layout;
mod names;
mod patches;
mod secrets;
mod unions;

use std::path::Path;

use indexmap::IndexMap;
use serde::{Deserialize, de::DeserializeOwned};

#[cfg(test)]
pub(crate) use areas::AreaName;
pub(crate) use areas::Areas;
#[cfg(test)]
pub(crate) use docs::parse as parse_docs;
pub(crate) use docs::{AreaDocs, places};
pub(crate) use elsewhere::{Elsewhere, Sdk};
pub(crate) use facts::{Facts, HeaderList};
pub(crate) use idempotency::{Idempotency, IdempotencyTable, Rule};
pub(crate) use layout::{Layout, LayoutFile};
pub(crate) use names::{GroupName, Names};
#[cfg(test)]
pub(crate) use patches::parse as parse_patches;
pub(crate) use patches::{Change, Patch};
pub(crate) use secrets::Secrets;
pub(crate) use unions::{Strategy, Unions};

use crate::error::{Error, Result};

/// Which document, and which areas of it are written out.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Spec {
    pub(crate) version: String,
    pub(crate) sha256: String,
    pub(crate) areas: Vec<String>,
    /// Schemas that are written although no operation leads to them, and the area they go to.
    #[serde(default)]
    pub(crate) orphans: IndexMap<String, String>,
}

/// All tables.
#[derive(Debug, Default)]
pub(crate) struct Tables {
    pub(crate) spec: Spec,
    pub(crate) names: Names,
    pub(crate) areas: Areas,
    pub(crate) layout: Layout,
    pub(crate) facts: Facts,
    pub(crate) idempotency: IdempotencyTable,
    pub(crate) unions: Unions,
    pub(crate) secrets: Secrets,
    pub(crate) elsewhere: Elsewhere,
    pub(crate) patches: Vec<Patch>,
    pub(crate) docs: Vec<AreaDocs>,
    /// By group.
    pub(crate) examples: IndexMap<String, String>,
}

impl Tables {
    /// The tables that came with this build, and the texts that lie beside them.
    pub(crate) fn load() -> Result<Self> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tables");
        Ok(Self {
            spec: read("spec.toml", include_str!("../../spec.toml"))?,
            names: read("names.toml", include_str!("../../tables/names.toml"))?,
            areas: read("areas.toml", include_str!("../../tables/areas.toml"))?,
            layout: read("layout.toml", include_str!("../../tables/layout.toml"))?,
            facts: read("operations.toml", include_str!("../../tables/operations.toml"))?,
            idempotency: read("idempotency.toml", include_str!("../../tables/idempotency.toml"))?,
            unions: read("unions.toml", include_str!("../../tables/unions.toml"))?,
            secrets: read("secrets.toml", include_str!("../../tables/secrets.toml"))?,
            elsewhere: read("elsewhere.toml", include_str!("../../tables/elsewhere.toml"))?,
            patches: patches::parse(include_str!("../../tables/patches.toml"))?,
            docs: docs::read(&folder.join("docs"))?,
            examples: examples::read(&folder.join("examples"))?,
        })
    }
}

fn read<T: DeserializeOwned>(table: &'static str, text: &str) -> Result<T> {
    toml::from_str(text).map_err(|error| Error::table(table, error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_are_well_formed() {
        let tables = Tables::load().unwrap();
        assert_eq!(tables.spec.sha256.len(), 64);
        assert_eq!(tables.names.groups.len(), 95);
        for area in &tables.spec.areas {
            assert!(
                tables.names.groups.iter().any(|group| group.area == *area),
                "no group is in area {area}"
            );
        }
    }

    #[test]
    fn every_patch_says_why() {
        for patch in Tables::load().unwrap().patches {
            assert!(patch.reason.len() > 10, "{} has no reason", patch.at);
        }
    }

    #[test]
    fn every_idempotency_has_a_reason() {
        let rules = Tables::load().unwrap().idempotency.rules;
        assert_eq!(rules.iter().map(|rule| rule.operations.len()).sum::<usize>(), 732);
        for rule in rules {
            let first = rule.operations.first().unwrap();
            assert!(rule.reason.len() >= 8, "the rule of {first} has no reason");
            assert!(
                !rule.reason.ends_with('.'),
                "the reason of {first} is a clause: {}",
                rule.reason
            );
        }
    }

    #[test]
    fn an_unknown_key_is_an_error_that_names_the_table() {
        let error = read::<Spec>("spec.toml", "version = '1'\nsha256 = ''\nareas = []\nother = 1").unwrap_err();
        assert!(error.to_string().starts_with("spec.toml: "), "{error}");
    }
}
