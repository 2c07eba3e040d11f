//! The names of secrets for what is read without its types: members that are in no schema, recordings, logs.
//!
//! One table, two crates: okta-models hides these members in `Debug`, okta-transport in cassettes and logs. Neither depends
//! on the other, so each has the same file.

use std::collections::{BTreeMap, BTreeSet};

use super::file::File;
use crate::{
    error::{Error, Result},
    ir::{Definition, Ir},
    tables::Secrets,
};

const TABLE: &str = "secrets.toml";
const PATHS: [&str; 2] = [
    "crates/okta-models/src/json/secret_names.rs",
    "crates/okta-transport/src/sanitize/secret_names.rs",
];

pub(super) fn emit(ir: &Ir, secrets: &Secrets, header: &str) -> Result<Vec<File>> {
    let names = Names::new(secrets)?;
    names.check(ir)?;
    let text = format!("{header}{}", names.text());
    Ok(PATHS
        .iter()
        .map(|path| File {
            path: (*path).to_owned(),
            text: text.clone(),
        })
        .collect())
}

struct Names<'a> {
    names: BTreeSet<String>,
    endings: &'a [String],
    values: BTreeSet<String>,
    below: BTreeSet<(String, String)>,
    key_members: &'a [String],
}

impl<'a> Names<'a> {
    fn new(secrets: &'a Secrets) -> Result<Self> {
        let ends = |name: &String| secrets.endings.iter().any(|ending| name.ends_with(ending));
        let named = secrets.members.iter().chain(&secrets.names);
        let mut below = BTreeSet::new();
        for place in &secrets.below {
            let Some((parent, member)) = place.split_once('.') else {
                return Err(Error::table(TABLE, format!("`{place}` is not `parent.member`")));
            };
            below.insert((normal(parent), normal(member)));
        }
        Ok(Self {
            names: named.map(|name| normal(name)).filter(|name| !ends(name)).collect(),
            endings: &secrets.endings,
            values: secrets.values.iter().map(|name| normal(name)).collect(),
            below,
            key_members: &secrets.key_members,
        })
    }

    fn is_name(&self, name: &str) -> bool {
        let name = normal(name);
        self.names.contains(&name) || self.endings.iter().any(|ending| name.ends_with(ending))
    }

    /// Every member that `Debug` hides by its type must be known by its name too, alone or below that of its object.
    fn check(&self, ir: &Ir) -> Result<()> {
        let parents = parents(ir);
        let mut errors = Vec::new();
        for (schema, found) in &ir.types {
            let Definition::Struct(fields) = &found.definition else {
                continue;
            };
            for field in fields.iter().filter(|field| field.secret) {
                let is_known_below =
                    |parent: &&str| self.is_name(parent) || self.below.contains(&(normal(parent), normal(&field.wire)));
                let parents = parents.get(schema.as_str());
                let known = self.is_name(&field.wire)
                    || self.values.contains(&normal(&field.wire))
                    || parents.is_some_and(|parents| parents.iter().all(is_known_below));
                if !known {
                    let parents: Vec<_> = parents.into_iter().flatten().copied().collect();
                    let problem = format!(
                        "`{schema}.{}` is secret, but its name (below {parents:?}) says so nowhere: add it to `names`, \
                         `values`, `below` or `public`",
                        field.wire
                    );
                    errors.push(Error::table(TABLE, problem));
                }
            }
        }
        Error::all(errors)
    }

    fn text(&self) -> String {
        let list = |names: &mut dyn Iterator<Item = String>| names.collect::<Vec<_>>().join(", ");
        let names = list(&mut self.names.iter().map(|name| format!("{name:?}")));
        let endings = list(&mut self.endings.iter().map(|name| format!("{name:?}")));
        let values = list(&mut self.values.iter().map(|name| format!("{name:?}")));
        let key_members = list(&mut self.key_members.iter().map(|name| format!("{name:?}")));
        let below = list(&mut self.below.iter().map(|pair| format!("{pair:?}")));
        format!(
            "//! Which names give their values away as secrets. All are in lower case and without `_` and `-`.

/// Names that are secret as a whole.
const NAMES: &[&str] = &[{names}];

/// Endings of names that are secret: `accessToken`, `client_secret`, `tempPassword` and others that may follow.
const ENDINGS: &[&str] = &[{endings}];

/// Names of texts and numbers that are secret, but whose objects are not.
const VALUES: &[&str] = &[{values}];

/// Names that are secret in an object (or a list of objects) of a certain name.
const BELOW: &[(&str, &str)] = &[{below}];

/// The private members of a JSON Web Key (RFC 7517 and 7518).
const KEY_MEMBERS: &[&str] = &[{key_members}];

/// Returns true if a member of this name is private in a JSON Web Key: an object with a member `kty`.
pub(crate) fn is_private_key_member(name: &str) -> bool {{
    KEY_MEMBERS.contains(&name)
}}

/// Returns true if what has this name (a JSON member, a query parameter, a form field, a header) may be a secret, with all
/// that it contains.
///
/// Hiding too much costs a look somewhere else, showing too much costs a credential.
pub(crate) fn is_secret_name(name: &str) -> bool {{
    let name = normal(name);
    NAMES.contains(&&*name) || ENDINGS.iter().any(|ending| name.ends_with(ending))
}}

/// Returns true if a text or a number may be a secret, by the name of its member and by that of the object which the member
/// belongs to.
pub(crate) fn is_secret_value(parent: &str, name: &str) -> bool {{
    let (parent, name) = (normal(parent), normal(name));
    VALUES.contains(&&*name) || BELOW.contains(&(&*parent, &*name))
}}

fn normal(name: &str) -> String {{
    let letters = name.chars().filter(|character| !matches!(character, '_' | '-'));
    letters.flat_map(char::to_lowercase).collect()
}}
"
        )
    }
}

/// The names of the members that have a type, by the type.
fn parents(ir: &Ir) -> BTreeMap<&str, BTreeSet<&str>> {
    let mut parents: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for found in ir.types.values() {
        if let Definition::Struct(fields) = &found.definition {
            for field in fields {
                if let Some(name) = field.ty.name() {
                    parents.entry(name).or_default().insert(&field.wire);
                }
            }
        }
    }
    for (name, found) in &ir.types {
        if let Definition::Union(union) = &found.definition
            && let Some(of_union) = parents.get(name.as_str()).cloned()
        {
            for variant in &union.variants {
                parents.entry(&variant.ty).or_default().extend(&of_union);
            }
        }
    }
    parents
}

fn normal(name: &str) -> String {
    let letters = name.chars().filter(|character| !matches!(character, '_' | '-'));
    letters.flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secrets() -> Secrets {
        Secrets {
            members: ["clientSecret", "aes_Key"].map(String::from).to_vec(),
            endings: vec!["secret".into()],
            values: vec!["tac".into()],
            below: vec!["authScheme.value".into()],
            ..Secrets::default()
        }
    }

    #[test]
    fn what_an_ending_covers_is_not_listed() {
        let secrets = secrets();
        let names = Names::new(&secrets).unwrap();
        assert_eq!(names.names, BTreeSet::from(["aeskey".to_owned()]));
        assert!(names.is_name("client-secret") && names.is_name("AesKey") && !names.is_name("tac"));
        assert!(names.text().contains(r#"&[("authscheme", "value")]"#));
    }

    #[test]
    fn a_place_without_its_parent_is_an_error() {
        let secrets = Secrets {
            below: vec!["value".into()],
            ..Secrets::default()
        };
        let error = Names::new(&secrets).err().unwrap().to_string();
        assert!(error.contains("`value` is not `parent.member`"), "{error}");
    }
}
