//! What of a request is taken, and what of a resource is shown.

use serde_json::{Map, Value};

use crate::document::schema::View;

/// Members that are never given back though the document does not say so.
const SECRETS: [&str; 5] = [
    "client_secret",
    "serviceAccountJson",
    "sharedSecret",
    "privateKey",
    "clientSecret",
];

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
