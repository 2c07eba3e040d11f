//! All schemas that have a name: the document's components, and the inline schemas once they are named.

use indexmap::IndexMap;

use super::{Schema, Shape};
use crate::error::{Error, Result};

/// Where a named schema is in the document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    /// `components/schemas`.
    Component,
    /// Inside another schema or an operation, e.g. `User.type` or `createGroup.request`.
    Inline(String),
}

/// One named schema.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub(crate) schema: Schema,
    pub(crate) origin: Origin,
}

/// The named schemas in the document's order.
#[derive(Clone, Debug, Default)]
pub(crate) struct Registry {
    pub(crate) entries: IndexMap<String, Entry>,
}

impl Registry {
    pub(crate) fn insert(&mut self, name: impl Into<String>, schema: Schema, origin: Origin) {
        self.entries.insert(name.into(), Entry { schema, origin });
    }

    /// The schema called `name`, which `place` refers to.
    pub(crate) fn get(&self, name: &str, place: &str) -> Result<&Schema> {
        self.find(name)
            .ok_or_else(|| Error::document(place, format!("refers to the schema `{name}`, which does not exist")))
    }

    pub(crate) fn find(&self, name: &str) -> Option<&Schema> {
        self.entries.get(name).map(|entry| &entry.schema)
    }

    pub(crate) fn schemas_mut(&mut self) -> impl Iterator<Item = &mut Schema> {
        self.entries.values_mut().map(|entry| &mut entry.schema)
    }

    /// What a chain of references ends at; nothing if it leads nowhere.
    pub(crate) fn resolve<'a>(&'a self, mut schema: &'a Schema) -> Option<&'a Schema> {
        // A chain cannot be longer than there are schemas, unless it is a circle.
        for _ in 0..=self.entries.len() {
            match &schema.shape {
                Shape::Reference(name) => schema = self.find(name)?,
                _ => return Some(schema),
            }
        }
        None
    }
}
