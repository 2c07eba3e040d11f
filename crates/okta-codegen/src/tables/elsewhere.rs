//! The names of the operations in Okta's own SDKs.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

/// What other SDKs call the operations.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Elsewhere {
    pub(crate) python: Sdk,
    pub(crate) go: Sdk,
    pub(crate) node: Sdk,
}

/// One SDK, in the version that was read.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Sdk {
    pub(crate) version: String,
    /// Operations that it does not have.
    pub(crate) absent: BTreeSet<String>,
    /// Names that the rule of the SDK does not give.
    #[serde(default)]
    pub(crate) names: BTreeMap<String, String>,
}

impl Elsewhere {
    /// The SDKs by the name of their language.
    pub(crate) fn sdks(&self) -> [(&'static str, &Sdk); 3] {
        [("Python", &self.python), ("Go", &self.go), ("Node", &self.node)]
    }
}
