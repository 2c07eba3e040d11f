//! `patches.toml`: corrections of the document.

use serde::Deserialize;

use crate::{
    document::Node,
    error::{Error, Result},
};

const TABLE: &str = "patches.toml";

/// One correction.
#[derive(Debug)]
pub(crate) struct Patch {
    /// The place, see `document/pointer.rs`.
    pub(crate) at: String,
    /// What has to stand there (members that it does not mention do not matter), so that a document which has been
    /// corrected, or changed otherwise, is noticed.
    pub(crate) expect: Option<Node>,
    /// What is done.
    pub(crate) change: Change,
    /// Why.
    pub(crate) reason: String,
}

/// What is done to a place.
#[derive(Debug)]
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
    at: String,
    reason: String,
    expect: Option<Node>,
    add: Option<Node>,
    replace: Option<Node>,
    #[serde(default)]
    remove: bool,
    rename: Option<String>,
    append: Option<Vec<Node>>,
}

/// Reads the table.
pub(crate) fn parse(text: &str) -> Result<Vec<Patch>> {
    super::read::<File>(TABLE, text)?
        .patch
        .into_iter()
        .map(Entry::into_patch)
        .collect()
}

impl Entry {
    fn into_patch(self) -> Result<Patch> {
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
            (Some(change), None) => Ok(Patch {
                at: self.at,
                expect: self.expect,
                change,
                reason: self.reason,
            }),
            _ => Err(Error::table(
                TABLE,
                format!(
                    "`{}` needs exactly one of `add`, `replace`, `remove`, `rename`, `append`",
                    self.at
                ),
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
