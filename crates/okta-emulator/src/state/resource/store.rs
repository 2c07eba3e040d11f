//! What the generic resource store has stored.

use std::collections::HashMap;

use crate::{
    base::store::Store,
    protocol::json::{Object, text},
};

/// Collections and documents by their paths.
#[derive(Default)]
pub(crate) struct Resources {
    /// By the path of the collection.
    pub(crate) collections: HashMap<String, Store<Object>>,
    /// By path.
    pub(crate) documents: HashMap<String, Object>,
}

impl Resources {
    /// The object with this id, label or name.
    pub(crate) fn find(&self, collection: &str, key: &str) -> Option<&Object> {
        let store = self.collections.get(collection)?;
        let named = |object: &&Object| ["label", "name"].iter().any(|member| text(object, member) == Some(key));
        store.get(key).or_else(|| store.values().find(named))
    }

    /// A collection, which is made if it does not exist.
    pub(crate) fn collection(&mut self, path: &str) -> &mut Store<Object> {
        self.collections.entry(path.to_owned()).or_default()
    }

    /// Takes away everything below a path.
    pub(crate) fn forget(&mut self, path: &str) {
        let below = format!("{path}/");
        self.collections.retain(|path, _| !path.starts_with(&below));
        self.documents.retain(|path, _| !path.starts_with(&below));
    }
}
