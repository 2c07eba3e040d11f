//! `secrets.toml`: members whose values must never be shown.

use serde::Deserialize;

/// Secrets that the document does not mark as such.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Secrets {
    /// Member names that are secret wherever they stand.
    pub(crate) members: Vec<String>,
    /// `Schema.member` that are secret.
    pub(crate) places: Vec<String>,
    /// `Schema.member` that are none although their name, or the document, says so.
    pub(crate) public: Vec<String>,
}

impl Secrets {
    /// Whether the table says that `schema.member` is a secret (or is none); nothing if the table does not know it.
    pub(crate) fn verdict(&self, schema: &str, member: &str) -> Option<bool> {
        let is = |place: &String| place.split_once('.') == Some((schema, member));
        if self.public.iter().any(is) {
            return Some(false);
        }
        (self.members.iter().any(|name| name == member) || self.places.iter().any(is)).then_some(true)
    }
}
