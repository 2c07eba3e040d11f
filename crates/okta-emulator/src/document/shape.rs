//! What of a request is taken, and what of a resource is shown.

use serde_json::{Map, Value, json};

use crate::document::schema::View;

/// Members that are never given back though the document does not say so.
const SECRETS: [&str; 4] = ["serviceAccountJson", "sharedSecret", "privateKey", "clientSecret"];

/// Leaves out what only the org sets.
pub(crate) fn stated(view: &View, value: &mut Value) {
    match value {
        Value::Object(object) => {
            let view = view.about(&Value::Object(object.clone()));
            object.retain(|name, _| !view.member(name).is_some_and(|member| member.flag("readOnly")));
            for (name, value) in object.iter_mut() {
                if let Some(member) = view.member(name) {
                    stated(&member, value);
                }
            }
        }
        Value::Array(items) => {
            if let Some(view) = view.items() {
                items.iter_mut().for_each(|item| stated(&view, item));
            }
        }
        _ => {}
    }
}

/// Leaves out what is never shown.
pub(crate) fn shown(view: &View, value: &mut Value) {
    match value {
        Value::Object(object) => {
            let view = view.about(&Value::Object(object.clone()));
            object.retain(|name, _| {
                !SECRETS.contains(&name.as_str()) && !view.member(name).is_some_and(|member| member.flag("writeOnly"))
            });
            for (name, value) in object.iter_mut() {
                shown(&view.member(name).unwrap_or_default(), value);
            }
        }
        Value::Array(items) => {
            let view = view.items().unwrap_or_default();
            items.iter_mut().for_each(|item| shown(&view, item));
        }
        _ => {}
    }
}

/// Makes a list of what is to be a list, and an object of what is to be an object. A document that is a list has its items in
/// a member of that name.
pub(crate) fn of_the_kind(view: &View, value: &mut Value, is_document: bool) {
    match (view.kind(), &*value) {
        (Some("array"), Value::Object(document)) if is_document => {
            *value = document.get("items").cloned().unwrap_or_else(|| json!([]));
        }
        (Some("array"), Value::Object(_)) => *value = Value::Array(vec![value.take()]),
        (Some("object"), Value::Array(_)) => {
            let is_list = |name: &&str| view.member(name).and_then(|member| member.kind()) == Some("array");
            let list = view.members().into_iter().find(is_list);
            *value = list.map_or_else(|| Value::Object(Map::new()), |list| json!({ list: value.take() }));
        }
        _ => {}
    }
}

/// Adds the document's defaults for members that were left out, inside members that are there too.
pub(crate) fn with_defaults(view: &View, object: &mut Map<String, Value>) {
    let view = view.about(&Value::Object(object.clone()));
    for name in view.members() {
        let Some(member) = view.member(name) else { continue };
        match object.get_mut(name) {
            Some(Value::Object(inner)) => with_defaults(&member, inner),
            Some(_) => {}
            None => {
                if let Some(default) = member.initial()
                    && !member.flag("writeOnly")
                {
                    object.insert(name.to_owned(), default.clone());
                }
            }
        }
    }
}
