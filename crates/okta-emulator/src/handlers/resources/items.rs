//! One resource: created, read, changed, deleted, switched on and off.

use http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::{
    base::clock::{iso, whole_seconds},
    document::{find, schema::View, shape::with_defaults},
    handlers::{
        resources::{
            event_type::event_type,
            merge::{OWN_MEMBERS, merge},
            model::{At, Event},
            models::model,
        },
        roles::sets::about,
    },
    org::Org,
    protocol::{
        call::Call,
        error::ApiError,
        json::{Object, text},
        reply::{Outcome, Reply},
    },
    state::{
        resource::kind::{Kind, List, Switched, UUID},
        system_log::event::{Change, Target},
        usual,
    },
};

pub(crate) fn get(kind: &Kind, path: &str, key: &str, org: &Org, call: &Call<'_>) -> Outcome {
    let object = org.stored(path, key).ok_or_else(|| missing(kind, key))?;
    Ok(Reply::ok(render(kind, path, object, org, call)))
}

pub(crate) fn create(kind: &Kind, path: &str, org: &mut Org, call: &Call<'_>) -> Outcome {
    let stated = call.optional_object()?;
    if let List::LinkHeader(member) = kind.list {
        // Recordings have one id too, under the name of one.
        let one = member.strip_suffix('s').and_then(|one| stated.get(one));
        let ids = one.map(|one| json!([one]));
        return add_texts(kind, path, stated.get(member).or(ids.as_ref()), org, call);
    }
    check(kind, path, &stated, None, org)?;
    // Where the caller chooses ids, it may do so here too.
    let chosen = text(&stated, "externalId").filter(|_| kind.keyed).map(str::to_owned);
    let id = chosen.unwrap_or_else(|| match kind.id_prefix {
        UUID => org.ids.uuid(),
        prefix => org.ids.object(prefix),
    });
    let object = insert(kind, path, id, stated, org, call)?;
    let status = StatusCode::from_u16(kind.created).unwrap_or(StatusCode::OK);
    Ok(Reply::with(status, render(kind, path, &object, org, call)))
}

/// Adds an object, with what belongs to the org, and its event.
fn insert(
    kind: &Kind,
    path: &str,
    id: String,
    stated: Object,
    org: &mut Org,
    call: &Call<'_>,
) -> Result<Object, ApiError> {
    let view = view_of(path, &id, &stated);
    let mut object = Object::new();
    server_set(&mut object, &view, &id, org, call);
    // In which status a resource begins is for the org to say; only of keys and secrets callers do.
    let status = object.get("status").filter(|_| !path.contains("credentials")).cloned();
    merge(&mut object, stated);
    object.extend(status.map(|status| ("status".to_owned(), status)));
    with_defaults(&view, &mut object);
    let model = model(kind.path);
    (model.accept)(org, call, At { path, id: &id }, None, &mut object)?;
    // A model may know a better id.
    let id = text(&object, "id").map_or(id, str::to_owned);
    org.resources.collection(path).insert(id.clone(), object.clone());
    (model.settle)(org, call, At { path, id: &id }, Event::Created);
    record(kind, &object, "create", org, call);
    Ok(org.stored(path, &id).cloned().unwrap_or(object))
}

/// What the document says about this resource.
fn view_of(path: &str, id: &str, stated: &Object) -> View {
    let view = find::resource(&format!("{path}/{id}"))
        .filter(|view| view.kind() != Some("array"))
        .or_else(|| find::resource(path)?.items())
        .unwrap_or_default();
    view.about(&Value::Object(stated.clone()))
}

/// Sets what only the org sets, as far as resources of this kind have it.
fn server_set(object: &mut Object, view: &View, id: &str, org: &Org, call: &Call<'_>) {
    let now = iso(whole_seconds(call.now));
    let members = view.members();
    let has = |name: &str| members.is_empty() || members.contains(&name);
    object.insert("id".to_owned(), json!(id));
    for (name, value) in [("created", &now), ("lastUpdated", &now)] {
        if has(name) {
            object.insert(name.to_owned(), json!(value));
        }
    }
    for name in ["createdBy", "lastUpdatedBy"] {
        let is_text = view.member(name).is_some_and(|member| member.kind() == Some("string"));
        if is_text {
            object.insert(name.to_owned(), json!(org.token_owner));
        }
    }
    if view.member("system").is_some() {
        object.insert("system".to_owned(), json!(false));
    }
    if has("status") {
        let inactive = call.query.get("activate") == Some("false");
        object.insert("status".to_owned(), json!(first_status(view, inactive)));
    }
}

/// The status of a new resource, out of those that the document names.
fn first_status(view: &View, inactive: bool) -> &'static str {
    const FIRST: [&str; 8] = [
        "ACTIVE",
        "ENABLED",
        "CREATED",
        "SCHEDULED",
        "PENDING",
        "NOT_STARTED",
        "STAGED",
        "INACTIVE",
    ];
    let known = view.member("status").map(|status| status.values()).unwrap_or_default();
    if inactive && (known.is_empty() || known.contains(&"INACTIVE")) {
        return "INACTIVE";
    }
    one_of(&FIRST, &known).or(known.first().copied()).unwrap_or("ACTIVE")
}

/// The first wanted status that the document names, in its own spelling: `InProgress` is `IN_PROGRESS`.
fn one_of(wanted: &[&'static str], known: &[&'static str]) -> Option<&'static str> {
    let is = |known: &str, wanted: &str| known.replace('_', "").eq_ignore_ascii_case(&wanted.replace('_', ""));
    let found = |wanted: &&str| known.iter().copied().find(|known| is(known, wanted));
    wanted.iter().find_map(found)
}

/// Bare ids: they are kept as objects that have nothing but an id.
fn add_texts(kind: &Kind, path: &str, ids: Option<&Value>, org: &mut Org, call: &Call<'_>) -> Outcome {
    let ids = ids.and_then(Value::as_array).ok_or_else(ApiError::malformed_body)?;
    for id in ids {
        let id = id.as_str().ok_or_else(ApiError::malformed_body)?;
        insert(kind, path, id.to_owned(), Object::new(), org, call)?;
    }
    Ok(Reply::no_content())
}

/// `PATCH` of a collection: what is added is a URL or a resource name each.
pub(crate) fn add(kind: &Kind, path: &str, org: &mut Org, call: &Call<'_>) -> Outcome {
    let stated = call.optional_object()?;
    let additions = stated.get("additions").and_then(Value::as_array);
    for addition in additions.ok_or_else(ApiError::malformed_body)? {
        let mut object = Object::new();
        match addition {
            Value::Object(addition) => object.extend(addition.clone()),
            other => {
                object.insert("orn".to_owned(), other.clone());
            }
        }
        let id = org.ids.object(kind.id_prefix);
        insert(kind, path, id, object, org, call)?;
    }
    Ok(about(org, call, path).map_or_else(Reply::done, Reply::ok))
}

pub(crate) fn replace(kind: &Kind, path: &str, key: &str, org: &mut Org, call: &Call<'_>) -> Outcome {
    let stated = call.optional_object()?;
    let Some(old) = org.stored(path, key).cloned() else {
        return put_keyed(kind, path, key, stated, org, call);
    };
    check(kind, path, &stated, text(&old, "id"), org)?;
    let id = text(&old, "id").unwrap_or_default();
    let view = view_of(path, id, &stated);
    let mut object = Object::new();
    server_set(&mut object, &view, id, org, call);
    merge(&mut object, stated);
    with_defaults(&view, &mut object);
    for name in OWN_MEMBERS.into_iter().chain(["status", "createdBy", "system", "key"]) {
        object.extend(old.get(name).map(|value| (name.to_owned(), value.clone())));
    }
    change(kind, path, &old, object, org, call)
}

pub(crate) fn update(kind: &Kind, path: &str, key: &str, org: &mut Org, call: &Call<'_>) -> Outcome {
    let stated = call.optional_object()?;
    let Some(old) = org.stored(path, key).cloned() else {
        return put_keyed(kind, path, key, stated, org, call);
    };
    let mut object = old.clone();
    merge(&mut object, stated);
    change(kind, path, &old, object, org, call)
}

/// Writes to an id that is not there: a creation if callers choose the ids. A request without a body gets a response without
/// one.
fn put_keyed(kind: &Kind, path: &str, key: &str, stated: Object, org: &mut Org, call: &Call<'_>) -> Outcome {
    if !kind.keyed {
        return Err(missing(kind, key));
    }
    let silent = stated.is_empty();
    let object = insert(kind, path, key.to_owned(), stated, org, call)?;
    Ok(if silent {
        Reply::no_content()
    } else {
        Reply::ok(render(kind, path, &object, org, call))
    })
}

fn change(kind: &Kind, path: &str, old: &Object, mut object: Object, org: &mut Org, call: &Call<'_>) -> Outcome {
    object.insert("lastUpdated".to_owned(), json!(iso(whole_seconds(call.now))));
    let id = text(&object, "id").unwrap_or_default().to_owned();
    let model = model(kind.path);
    (model.accept)(org, call, At { path, id: &id }, Some(old), &mut object)?;
    org.resources.collection(path).insert(id.clone(), object.clone());
    (model.settle)(org, call, At { path, id: &id }, Event::Changed);
    record(kind, &object, "update", org, call);
    let object = org.stored(path, &id).unwrap_or(&object);
    Ok(Reply::ok(render(kind, path, object, org, call)))
}

pub(crate) fn delete(kind: &Kind, path: &str, key: &str, org: &mut Org, call: &Call<'_>) -> Outcome {
    let object = org.stored(path, key).cloned().ok_or_else(|| missing(kind, key))?;
    if kind.inactive_first && text(&object, "status") == Some("ACTIVE") {
        return Err(ApiError::validation(
            kind.name,
            [format!("status: An active {} cannot be deleted", kind.words(' '))],
        ));
    }
    let id = text(&object, "id").unwrap_or_default();
    let (model, at) = (model(kind.path), At { path, id });
    (model.keep)(org, call, at, &object)?;
    org.resources.collection(path).remove(id);
    (model.settle)(org, call, at, Event::Deleted);
    // What belonged to it goes with it.
    org.resources.forget(&format!("{path}/{id}"));
    record(kind, &object, "delete", org, call);
    Ok(Reply::no_content())
}

pub(crate) fn clear(kind: &Kind, path: &str, org: &mut Org, call: &Call<'_>) -> Reply {
    let gone: Vec<Object> = org.resources.collection(path).values().cloned().collect();
    org.resources.collections.remove(path);
    for object in gone {
        record(kind, &object, "delete", org, call);
    }
    Reply::no_content()
}

/// Actions that lead to another status change it; others change nothing.
pub(crate) fn act(kind: &Kind, path: &str, key: &str, action: &str, org: &mut Org, call: &Call<'_>) -> Outcome {
    let mut object = org.stored(path, key).cloned().ok_or_else(|| missing(kind, key))?;
    let view = view_of(path, key, &object);
    let known = view.member("status").map(|status| status.values()).unwrap_or_default();
    let wanted: &[&'static str] = match action {
        "activate" => &["ACTIVE", "ENABLED", "IN_PROGRESS", "SCHEDULED"],
        "deactivate" => &["INACTIVE", "DEACTIVATED", "DISABLED", "CANCELLED"],
        "enable" => &["ENABLED"],
        "disable" => &["DISABLED"],
        "pause" => &["PAUSED"],
        "resume" | "retry" => &["IN_PROGRESS"],
        "stop" => &["CANCELLED"],
        "suspend" => &["SUSPENDED"],
        "unsuspend" => &["ACTIVE"],
        _ => &[],
    };
    let status = one_of(wanted, &known).or(wanted.first().copied().filter(|_| known.is_empty()));
    let id = text(&object, "id").unwrap_or_default().to_owned();
    (model(kind.path).act)(org, call, At { path, id: &id }, action, &mut object)?;
    if let Some(status) = status {
        object.insert("status".to_owned(), json!(status));
        object.insert("lastUpdated".to_owned(), json!(iso(whole_seconds(call.now))));
    }
    org.resources.collection(path).insert(id, object.clone());
    if status.is_none() {
        return Ok(Reply::ok(render(kind, path, &object, org, call)));
    }
    record(kind, &object, action, org, call);
    Ok(match kind.switched {
        Switched::Shown => Reply::ok(render(kind, path, &object, org, call)),
        Switched::NoContent => Reply::no_content(),
    })
}

/// Refuses what lacks something, or has what another one has.
fn check(kind: &Kind, path: &str, stated: &Object, own_id: Option<&str>, org: &mut Org) -> Result<(), ApiError> {
    let missing = kind
        .required
        .iter()
        .filter(|name| stated.get(**name).is_none_or(Value::is_null));
    let causes: Vec<String> = missing
        .map(|name| format!("{name}: The field cannot be left blank"))
        .collect();
    if let Some(first) = causes.first().and_then(|cause| cause.split(':').next()) {
        return Err(ApiError::validation(first, causes.clone()));
    }
    let Some(unique) = kind.unique else { return Ok(()) };
    let value = stated.get(unique);
    let mut others = org.resources.collection(path).values();
    // Policies of different types may share a name.
    let same = |other: &Object| other.get(unique) == value && other.get("type") == stated.get("type");
    if others.any(|other| same(other) && text(other, "id") != own_id) {
        return Err(ApiError::duplicate(unique));
    }
    Ok(())
}

fn missing(kind: &Kind, key: &str) -> ApiError {
    // The one kind of resource that has another error.
    if kind.name == "CustomDomain" {
        return ApiError::domain_not_found();
    }
    ApiError::not_found(key, kind.missing.unwrap_or(kind.name))
}

/// Writes the event, of the type that such changes have.
fn record(kind: &Kind, object: &Object, action: &str, org: &mut Org, call: &Call<'_>) {
    let id = text(object, "id").unwrap_or_default();
    let name = text(object, "name").or(text(object, "label")).unwrap_or(id);
    let event = event_type(kind, action);
    let mut message = format!("{action} {}", kind.words(' '));
    if let Some(first) = message.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    org.record(
        call,
        Change::new(event, message).target(Target::new(id, kind.name, id, name)),
    );
}

pub(crate) fn render(kind: &Kind, path: &str, object: &Object, org: &Org, call: &Call<'_>) -> Value {
    let id = text(object, "id").unwrap_or_default();
    let own = format!("{path}/{id}");
    let methods = [Method::GET, Method::PUT, Method::PATCH, Method::DELETE];
    let allowed = methods.into_iter().filter(|method| find::has(method, &own));
    let allowed: Vec<String> = allowed.map(|method| method.to_string()).collect();
    let mut links = json!({ "self": { "href": call.href(&own), "hints": { "allow": allowed } } });
    let switch = if text(object, "status") == Some("ACTIVE") {
        "deactivate"
    } else {
        "activate"
    };
    let address = format!("{own}/lifecycle/{switch}");
    if find::has(&Method::POST, &address) {
        links[switch] = json!({ "href": call.href(&address), "hints": { "allow": ["POST"] } });
    }
    let mut document = object.clone();
    document.insert("_links".to_owned(), links);
    usual::fill(kind.path, &mut document, &usual::Place::of(call, &own));
    (model(kind.path).show)(org, call, At { path, id }, &mut document);
    Value::Object(document)
}
