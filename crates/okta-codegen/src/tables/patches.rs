//! `patches.toml`: corrections of the document.

use serde::Deserialize;

use crate::{
    document::Node,
    error::{Error, Result},
};

const TABLE: &str = "patches.toml";

/// One correction.
#[derive(Clone, Debug)]
pub(crate) struct Patch {
    /// The place, see `document/pointer.rs`.
    pub(crate) at: String,
    /// What has to be there (members that it does not mention do not matter), so that a document which has been
    /// corrected, or changed otherwise, is noticed.
    pub(crate) expect: Option<Node>,
    /// What is done.
    pub(crate) change: Change,
    /// Why.
    pub(crate) reason: String,
}

/// What is done to a place.
#[derive(Clone, Debug)]
pub(crate) enum Change {
    Add(Node),
    Replace(Node),
    Remove,
    Rename(String),
    Append(Vec<Node>),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    patch: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    at: Places,
    reason: String,
    expect: Option<Node>,
    add: Option<Node>,
    replace: Option<Node>,
    #[serde(default)]
    remove: bool,
    rename: Option<String>,
    append: Option<Vec<Node>>,
}

/// One place, or several that are wrong in the same way.
#[derive(Deserialize)]
#[serde(untagged)]
enum Places {
    One(String),
    Many(Vec<String>),
}

/// Reads the table.
pub(crate) fn parse(text: &str) -> Result<Vec<Patch>> {
    let patches = super::read::<File>(TABLE, text)?
        .patch
        .into_iter()
        .map(Entry::into_patches);
    Ok(patches.collect::<Result<Vec<_>>>()?.concat())
}

impl Entry {
    fn into_patches(self) -> Result<Vec<Patch>> {
        let places = match self.at {
            Places::One(place) => vec![place],
            Places::Many(places) => places,
        };
        let mut changes = [
            self.add.map(Change::Add),
            self.replace.map(Change::Replace),
            self.remove.then_some(Change::Remove),
            self.rename.map(Change::Rename),
            self.append.map(Change::Append),
        ]
        .into_iter()
        .flatten();
        match (changes.next(), changes.next()) {
            (Some(change), None) => Ok(places
                .into_iter()
                .map(|at| Patch {
                    at,
                    expect: self.expect.clone(),
                    change: change.clone(),
                    reason: self.reason.clone(),
                })
                .collect()),
            _ => Err(Error::table(
                TABLE,
                format!(
                    "`{}` needs exactly one of `add`, `replace`, `remove`, `rename`, `append`",
                    places.join("`, `")
                ),
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_patch_may_correct_several_places() {
        let patches = parse("[[patch]]\nat = ['schemas/A', 'schemas/B']\nreason = 'r'\nremove = true").unwrap();
        let places: Vec<_> = patches.iter().map(|patch| patch.at.as_str()).collect();
        assert_eq!(places, ["schemas/A", "schemas/B"]);
    }

    #[test]
    fn a_patch_makes_one_change() {
        for patch in ["", "remove = true\nrename = 'x'"] {
            let error = parse(&format!("[[patch]]\nat = 'schemas/A'\nreason = 'r'\n{patch}")).unwrap_err();
            assert!(
                error.to_string().contains("`schemas/A` needs exactly one of"),
                "{error}"
            );
        }
    }
}
