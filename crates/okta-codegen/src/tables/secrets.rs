//! `secrets.toml`: members whose values must never be shown.
//!
//! The typed members that the document or this table calls secret are hidden in `Debug`. The names in this table identify secrets
//! also where there are no types: in cassettes, in logs and in members that no schema has.

use serde::Deserialize;

/// Secrets that the document does not mark as such.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Secrets {
    /// Member names that are secret in every schema.
    pub(crate) members: Vec<String>,
    /// Further names, which no schema has: of headers, parameters and members of other APIs.
    #[serde(default)]
    pub(crate) names: Vec<String>,
    /// What names of secrets end with, in lower case and without `_` and `-`.
    #[serde(default)]
    pub(crate) endings: Vec<String>,
    /// Names of texts and numbers that are secret, while objects of these names are not.
    #[serde(default)]
    pub(crate) values: Vec<String>,
    /// `parent.member`: names that are secret in an object (or a list of objects) of a certain name.
    #[serde(default)]
    pub(crate) below: Vec<String>,
    /// The private members of a JSON Web Key.
    #[serde(default)]
    pub(crate) key_members: Vec<String>,
    /// `Schema.member` that are secret.
    pub(crate) places: Vec<String>,
    /// `Schema.member` that responses do not have and without which the rest of their object cannot be written.
    #[serde(default)]
    pub(crate) needed: Vec<String>,
    /// `Schema.member` that are not secret although their name, or the document, says so.
    pub(crate) public: Vec<String>,
}

impl Secrets {
    /// Whether the table says that `schema.member` is a secret (or is not); nothing if the table does not know it.
    pub(crate) fn verdict(&self, schema: &str, member: &str) -> Option<bool> {
        let is = |place: &String| place.split_once('.') == Some((schema, member));
        if self.public.iter().any(is) {
            return Some(false);
        }
        (self.members.iter().any(|name| name == member) || self.places.iter().any(is)).then_some(true)
    }
}
