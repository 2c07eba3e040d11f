//! The intermediate representation: the whole document, with everything decided that the output needs.

mod operation;
mod types;

use std::collections::BTreeSet;

use indexmap::IndexMap;

pub(crate) use operation::{Authorization, Body, BodyKind, Operation, Parameter, Response};
pub(crate) use types::{Definition, Field, Type, TypeRef, Union, Variant, VariantOf};

/// The whole document.
#[derive(Clone, Debug, Default)]
pub(crate) struct Ir {
    /// The accessors of the client that have operations.
    pub(crate) groups: Vec<Group>,
    /// The areas that are written, in alphabetical order.
    pub(crate) areas: Vec<Area>,
    pub(crate) operations: Vec<Operation>,
    /// By the schema's name.
    pub(crate) types: IndexMap<String, Type>,
}

/// A part of the API that a feature of okta-models and okta-client stands for.
#[derive(Clone, Debug)]
pub(crate) struct Area {
    /// The feature; the module is the same in snake case.
    pub(crate) name: String,
    /// What it is, in one line.
    pub(crate) about: String,
    /// Other areas whose types its types have as members.
    pub(crate) needs: BTreeSet<String>,
}

/// One accessor of the client.
#[derive(Clone, Debug)]
pub(crate) struct Group {
    pub(crate) name: String,
    pub(crate) area: String,
    /// What it is for, in one line.
    pub(crate) about: String,
    /// Those of Okta's reference that it holds.
    pub(crate) tags: Vec<String>,
    /// Its output is written.
    pub(crate) is_written: bool,
}

impl Ir {
    /// Calls `visit` with each type that `root` leads to, itself included, once.
    pub(crate) fn walk<'a>(&'a self, roots: impl IntoIterator<Item = &'a str>, mut visit: impl FnMut(&'a str)) {
        let mut todo: Vec<&str> = roots.into_iter().collect();
        let mut seen = BTreeSet::new();
        while let Some(name) = todo.pop() {
            if let Some((name, found)) = self.types.get_key_value(name)
                && seen.insert(name.as_str())
            {
                visit(name);
                found.definition.for_each_name(|next| todo.push(next));
            }
        }
    }

    /// The types that are documented in an area's module and are written, in alphabetical order.
    pub(crate) fn types_of(&self, area: &str) -> Vec<&Type> {
        let types = self
            .types
            .values()
            .filter(|found| found.is_written && found.area == area);
        let mut types: Vec<&Type> = types.collect();
        types.sort_by(|a, b| a.rust.cmp(&b.rust));
        types
    }

    /// The groups of an area.
    pub(crate) fn groups_of(&self, area: &str) -> impl Iterator<Item = &Group> {
        self.groups
            .iter()
            .filter(move |group| group.is_written && group.area == area)
    }

    /// The Rust name of a type.
    pub(crate) fn rust_name(&self, name: &str) -> String {
        self.types
            .get(name)
            .map_or_else(|| name.to_owned(), |found| found.rust.clone())
    }
}
