//! Settings, contents and states that exist once each: empty until they are written.

use serde_json::{Value, json};

use crate::{
    handlers::resources::merge::merge,
    org::Org,
    protocol::{
        call::Call,
        json::Object,
        reply::{Outcome, Reply},
    },
    state::{
        resource::place::Place,
        system_log::event::{Change, Target},
        usual,
    },
};

pub(crate) fn get(path: &str, org: &Org, call: &Call<'_>) -> Reply {
    let document = org.resources.documents.get(path).cloned().unwrap_or_default();
    Reply::ok(render(document, path, call))
}

pub(crate) fn replace(path: &str, org: &mut Org, call: &Call<'_>) -> Outcome {
    let mut document = Object::new();
    merge(&mut document, call.optional_object()?);
    Ok(write(path, document, org, call))
}

pub(crate) fn update(path: &str, org: &mut Org, call: &Call<'_>) -> Outcome {
    let mut document = org.resources.documents.get(path).cloned().unwrap_or_default();
    // Not everything that is posted is JSON: images and certificates are taken and not kept.
    let stated = serde_json::from_slice(call.body).unwrap_or_default();
    merge(&mut document, stated);
    Ok(write(path, document, org, call))
}

pub(crate) fn delete(path: &str, org: &mut Org, call: &Call<'_>) -> Reply {
    org.resources.documents.remove(path);
    record(path, "system.setting.delete", "Delete setting", org, call);
    Reply::no_content()
}

fn write(path: &str, document: Object, org: &mut Org, call: &Call<'_>) -> Reply {
    org.resources.documents.insert(path.to_owned(), document.clone());
    record(path, "system.setting.update", "Update setting", org, call);
    Reply::ok(render(document, path, call))
}

fn record(path: &str, event: &'static str, message: &'static str, org: &mut Org, call: &Call<'_>) {
    org.record(
        call,
        Change::new(event, message).target(Target::new(path, "Setting", path, path)),
    );
}

fn render(mut document: Object, path: &str, call: &Call<'_>) -> Value {
    document.insert("_links".to_owned(), json!({ "self": { "href": call.href(path) } }));
    usual::fill(
        Place::template(path).unwrap_or(path),
        &mut document,
        &usual::Place::of(call, path),
    );
    Value::Object(document)
}
