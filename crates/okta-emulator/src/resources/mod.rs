//! The generic resource store: objects that are created, read, changed, deleted, and perhaps switched on and off.
//!
//! Whatever behaves like that needs no code of its own, only a line in the table.

mod documents;
mod items;
mod kind;
mod list;
mod place;
mod plant;
mod table;

use std::collections::HashMap;

use http::Method;
use serde_json::Value;

pub(crate) use place::Place;
pub(crate) use plant::plant;

use crate::{
    call::{Call, Object},
    error::ApiError,
    org::Org,
    reply::{Outcome, Reply},
    store::Store,
};
use place::What;

/// Members that belong to the org, whatever a request says.
const OWN_MEMBERS: [&str; 4] = ["id", "created", "lastUpdated", "_links"];

/// Everything that is stored.
#[derive(Default)]
pub(crate) struct Resources {
    /// By the path of the collection.
    collections: HashMap<String, Store<Object>>,
    /// By path.
    documents: HashMap<String, Object>,
}

pub(crate) fn handle(place: &Place, org: &mut Org, call: &Call<'_>) -> Outcome {
    place.check_above(org)?;
    let path = place.path.as_str();
    match (&place.what, call.method) {
        (What::Collection(kind), &Method::GET) => list::list(kind, path, org, call),
        (What::Collection(kind), &Method::POST) => items::create(kind, path, org, call),
        (What::Collection(kind), &Method::PATCH) => items::add(kind, path, org, call),
        // All of the catalogue, which is what a role has that is given no target.
        (What::Collection(kind), &Method::PUT) if kind.keyed => Ok(Reply::no_content()),
        (What::Collection(kind), &Method::DELETE) => Ok(items::clear(kind, path, org, call)),
        (What::Item(kind, id), &Method::GET) => items::get(kind, path, id, org, call),
        (What::Item(kind, id), &Method::PUT) => items::replace(kind, path, id, org, call),
        (What::Item(kind, id), &(Method::POST | Method::PATCH)) => items::update(kind, path, id, org, call),
        (What::Item(kind, id), &Method::DELETE) => items::delete(kind, path, id, org, call),
        (What::Action(kind, id, action), &Method::POST) => items::act(kind, path, id, action, org, call),
        (What::Document, &Method::GET) => Ok(documents::get(path, org, call)),
        (What::Document, &Method::PUT) => documents::replace(path, org, call),
        (What::Document, &(Method::POST | Method::PATCH)) => documents::update(path, org, call),
        (What::Document, &Method::DELETE) => Ok(documents::delete(path, org, call)),
        _ => Err(ApiError::method_not_allowed()),
    }
}

/// Writes what was stated over what was there; `null` takes a member away.
fn merge(object: &mut Object, stated: Object) {
    for (name, value) in stated {
        if OWN_MEMBERS.contains(&name.as_str()) {
            continue;
        }
        if value.is_null() {
            object.remove(&name);
        } else {
            object.insert(name, value);
        }
    }
}

impl Org {
    /// The object with this id, label or name.
    pub(crate) fn stored(&self, collection: &str, key: &str) -> Option<&Object> {
        let store = self.resources.collections.get(collection)?;
        let named = |object: &&Object| {
            ["label", "name"]
                .iter()
                .any(|member| object.get(*member).and_then(Value::as_str) == Some(key))
        };
        store.get(key).or_else(|| store.values().find(named))
    }

    fn collection(&mut self, path: &str) -> &mut Store<Object> {
        self.resources.collections.entry(path.to_owned()).or_default()
    }
}
