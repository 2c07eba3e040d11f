//! Lists that a resource is created with and that are collections from then on.

use serde_json::{Value, json};

use crate::{
    base::clock::{iso, whole_seconds},
    handlers::resources::model::{At, Event},
    org::Org,
    protocol::{call::Call, json::Object},
};

/// Takes the list `member` out of a resource that was just created; `None` if something else happened to it.
pub(super) fn take_list(org: &mut Org, at: At<'_>, event: Event, member: &str) -> Option<Vec<Value>> {
    if event != Event::Created {
        return None;
    }
    let mut resource = org.stored(at.path, at.id).cloned()?;
    let list = resource.remove(member);
    org.resources.collection(at.path).insert(at.id.to_owned(), resource);
    match list {
        Some(Value::Array(items)) => Some(items),
        _ => Some(Vec::new()),
    }
}

/// A new item of such a collection.
pub(super) fn dated(id: &str, call: &Call<'_>) -> Object {
    let now = json!(iso(whole_seconds(call.now)));
    let members = [("id", json!(id)), ("created", now.clone()), ("lastUpdated", now)];
    members
        .map(|(name, value)| (name.to_owned(), value))
        .into_iter()
        .collect()
}
