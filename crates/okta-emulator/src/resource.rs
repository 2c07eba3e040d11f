//! The generic resource store: objects that are created, read, replaced, deleted, and perhaps switched on and off.
//!
//! An operation that behaves like that needs no handler of its own, only a [`Resource`] and its lines in a route table.

use serde_json::{Value, json};

use crate::{
    call::{Call, Object, text},
    clock::{iso, whole_seconds},
    error::ApiError,
    org::Org,
    paging::Window,
    rate_limit::Bucket,
    reply::{Outcome, Reply},
    store::Store,
    system_log::{Change, Target},
};

/// One kind of resource.
pub(crate) struct Resource {
    /// The path of the collection.
    pub(crate) collection: &'static str,
    /// The name of the path parameter that has the id.
    pub(crate) parameter: &'static str,
    pub(crate) id_prefix: &'static str,
    /// What Okta calls it in "not found" errors.
    pub(crate) error_name: &'static str,
    /// What the System Log calls it.
    pub(crate) target: &'static str,
    /// The members without which it cannot be created.
    pub(crate) required: &'static [&'static str],
    /// The member whose value only one of them may have.
    pub(crate) unique: &'static str,
    pub(crate) page: usize,
    pub(crate) largest_page: usize,
    pub(crate) bucket: &'static Bucket,
    pub(crate) events: Events,
}

/// What the System Log says about changes: an event type and a message each.
pub(crate) struct Events {
    pub(crate) created: (&'static str, &'static str),
    pub(crate) updated: (&'static str, &'static str),
    pub(crate) deleted: (&'static str, &'static str),
    pub(crate) activated: (&'static str, &'static str),
    pub(crate) deactivated: (&'static str, &'static str),
}

/// What is done with it.
#[derive(Clone, Copy)]
pub(crate) enum Action {
    List,
    Create,
    Get,
    Replace,
    Delete,
    Activate,
    Deactivate,
}

/// Members that belong to the org, whatever a request says.
const OWN_MEMBERS: [&str; 5] = ["id", "created", "lastUpdated", "status", "_links"];

pub(crate) fn handle(resource: &'static Resource, action: Action, org: &mut Org, call: &Call<'_>) -> Outcome {
    match action {
        Action::List => list(resource, org, call),
        Action::Create => create(resource, org, call),
        Action::Get => get(resource, org, call),
        Action::Replace => replace(resource, org, call),
        Action::Delete => delete(resource, org, call),
        Action::Activate => switch(resource, org, call, "ACTIVE", resource.events.activated),
        Action::Deactivate => switch(resource, org, call, "INACTIVE", resource.events.deactivated),
    }
}

fn list(resource: &Resource, org: &mut Org, call: &Call<'_>) -> Outcome {
    let window = Window::of(call, resource.page, resource.largest_page)?;
    let objects = store(resource, org)
        .after(window.after)
        .map(|(number, _, object)| (number, object));
    let page = window.page(objects);
    Ok(page.reply(call, &window, |object| render(resource, object, call)))
}

fn get(resource: &Resource, org: &mut Org, call: &Call<'_>) -> Outcome {
    let object = find(resource, org, call)?;
    Ok(Reply::ok(render(resource, object, call)))
}

fn create(resource: &Resource, org: &mut Org, call: &Call<'_>) -> Outcome {
    let mut object = stated(resource, org, call, None)?;
    let id = org.ids.object(resource.id_prefix);
    let now = iso(whole_seconds(call.now));
    object.insert("id".to_owned(), json!(id));
    object.insert("created".to_owned(), json!(now));
    object.insert("lastUpdated".to_owned(), json!(now));
    object.insert("status".to_owned(), json!("ACTIVE"));
    let reply = Reply::ok(render(resource, &object, call));
    let change = change(resource, &object, resource.events.created);
    store(resource, org).insert(id, object);
    org.record(call, change);
    Ok(reply)
}

fn replace(resource: &Resource, org: &mut Org, call: &Call<'_>) -> Outcome {
    let old = find(resource, org, call)?.clone();
    let mut object = stated(resource, org, call, text(&old, "id"))?;
    for name in OWN_MEMBERS {
        object.extend(old.get(name).map(|value| (name.to_owned(), value.clone())));
    }
    object.insert("lastUpdated".to_owned(), json!(iso(whole_seconds(call.now))));
    let reply = Reply::ok(render(resource, &object, call));
    let change = change(resource, &object, resource.events.updated);
    store(resource, org).insert(call.param(resource.parameter).to_owned(), object);
    org.record(call, change);
    Ok(reply)
}

fn delete(resource: &Resource, org: &mut Org, call: &Call<'_>) -> Outcome {
    let change = change(resource, find(resource, org, call)?, resource.events.deleted);
    store(resource, org).remove(call.param(resource.parameter));
    org.record(call, change);
    Ok(Reply::no_content())
}

fn switch(
    resource: &Resource,
    org: &mut Org,
    call: &Call<'_>,
    status: &'static str,
    event: (&'static str, &'static str),
) -> Outcome {
    let object = find(resource, org, call)?;
    object.insert("status".to_owned(), json!(status));
    object.insert("lastUpdated".to_owned(), json!(iso(whole_seconds(call.now))));
    let change = change(resource, object, event);
    org.record(call, change);
    Ok(Reply::ok_empty())
}

fn store<'a>(resource: &Resource, org: &'a mut Org) -> &'a mut Store<Object> {
    org.resources.entry(resource.collection).or_default()
}

fn find<'a>(resource: &Resource, org: &'a mut Org, call: &Call<'_>) -> Result<&'a mut Object, ApiError> {
    let id = call.param(resource.parameter);
    store(resource, org)
        .get_mut(id)
        .ok_or_else(|| ApiError::not_found(id, resource.error_name))
}

/// The checked body, without the members that are not the caller's.
fn stated(resource: &Resource, org: &mut Org, call: &Call<'_>, own_id: Option<&str>) -> Result<Object, ApiError> {
    let mut object = call.object()?;
    let missing = resource
        .required
        .iter()
        .filter(|name| object.get(**name).is_none_or(Value::is_null));
    let causes: Vec<String> = missing
        .map(|name| format!("{name}: The field cannot be left blank"))
        .collect();
    if let Some(first) = causes.first().and_then(|cause| cause.split(':').next()) {
        return Err(ApiError::validation(first, causes.clone()));
    }
    let value = object.get(resource.unique);
    let taken = store(resource, org)
        .values()
        .any(|other| value.is_some() && other.get(resource.unique) == value && text(other, "id") != own_id);
    if taken {
        return Err(ApiError::duplicate(resource.unique));
    }
    object.retain(|name, _| !OWN_MEMBERS.contains(&name.as_str()));
    Ok(object)
}

fn change(resource: &Resource, object: &Object, (event, message): (&'static str, &'static str)) -> Change {
    let id = text(object, "id").unwrap_or_default();
    let name = text(object, resource.unique).unwrap_or_default();
    Change::new(event, message).target(Target::new(id, resource.target, id, name))
}

fn render(resource: &Resource, object: &Object, call: &Call<'_>) -> Value {
    let own = format!("{}/{}", resource.collection, text(object, "id").unwrap_or_default());
    let switch = if text(object, "status") == Some("ACTIVE") {
        "deactivate"
    } else {
        "activate"
    };
    let mut document = object.clone();
    document.insert(
        "_links".to_owned(),
        json!({
            "self": { "href": call.href(&own), "method": "GET" },
            switch: { "href": call.href(&format!("{own}/lifecycle/{switch}")), "method": "POST" },
        }),
    );
    Value::Object(document)
}
