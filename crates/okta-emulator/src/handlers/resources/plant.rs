//! What the store has in it from the beginning.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::canonical;
use crate::{
    base::clock::iso,
    document::find,
    org::Org,
    protocol::json::Object,
    state::resource::place::{Place, What},
};

/// Puts an object into a collection; the error says what is wrong.
pub(crate) fn plant(org: &mut Org, collection: &str, stated: Value, now: Timestamp) -> Result<(), String> {
    let Value::Object(stated) = stated else {
        return Err("it is not a JSON object".to_owned());
    };
    let segments: Vec<String> = collection.split('/').skip(1).map(str::to_owned).collect();
    let none = || "there is no such collection in the resource store".to_owned();
    let place = Place::of(&segments).ok_or_else(none)?;
    // Users may be named by their logins. What a path names may also come later, or never.
    let place = canonical(&place, org).unwrap_or(place);
    let Place {
        what: What::Collection(kind),
        path,
        ..
    } = place
    else {
        return Err(none());
    };
    let now = iso(now);
    let mut object = Object::new();
    if !stated.contains_key("id") {
        object.insert("id".to_owned(), json!(org.ids.object(kind.id_prefix)));
    }
    for (name, value) in [("created", now.as_str()), ("lastUpdated", &now), ("status", "ACTIVE")] {
        object.insert(name.to_owned(), json!(value));
    }
    let has_status = find::resource(&format!("{path}/id")).is_none_or(|view| view.member("status").is_some());
    if !has_status {
        object.remove("status");
    }
    object.extend(stated);
    let Some(id) = object.get("id").and_then(Value::as_str).map(str::to_owned) else {
        return Err("`id`: an id is a string".to_owned());
    };
    org.resources.collection(&path).insert(id, object);
    Ok(())
}
