//! Resource sets, what is in them, and the roles that are bound to them.

use serde_json::{Value, json};

use crate::{
    handlers::{
        resources::model::{At, Event, Model},
        roles::created_with::{dated, take_list},
    },
    org::Org,
    protocol::{
        call::Call,
        error::ApiError,
        json::{Object, object, text},
    },
};

pub(crate) static MODELS: [Model; 4] = [
    Model::of("/api/v1/iam/resource-sets").settle(settle).show(show_set),
    Model::of("/api/v1/iam/resource-sets/*/resources")
        .accept(accept_resource)
        .show(show_resource)
        .show_list(link_to_set),
    Model::of("/api/v1/iam/resource-sets/*/bindings")
        .accept(accept_binding)
        .settle(settle_binding)
        .show(show_binding)
        .show_list(link_to_set),
    Model::of("/api/v1/iam/resource-sets/*/bindings/*/members")
        .accept(accept_member)
        .settle(settle_member)
        .show(show_member)
        .show_list(link_to_binding),
];

/// What a set is created with becomes a separate collection.
fn settle(org: &mut Org, call: &Call<'_>, at: At<'_>, event: Event) {
    let Some(resources) = take_list(org, at, event, "resources") else {
        return;
    };
    let path = format!("{}/resources", at.own());
    for resource in resources {
        let id = org.ids.object("ire");
        let mut new = dated(&id, call);
        new.insert("orn".to_owned(), resource);
        // What cannot be read is kept as it is: an org takes names of resources that it does not have yet.
        let _ = accept_resource(org, call, At { path: &path, id: &id }, None, &mut new);
        org.resources.collection(&path).insert(id, new);
    }
}

fn show_set(_org: &Org, call: &Call<'_>, at: At<'_>, shown: &mut Object) {
    let own = call.href(&at.own());
    let links = json!({
        "self": { "href": own },
        "resources": { "href": format!("{own}/resources") },
        "bindings": { "href": format!("{own}/bindings") },
    });
    shown.insert("_links".to_owned(), links);
}

/// A resource is named by its address or by its ORN; the org knows both.
fn accept_resource(
    org: &mut Org,
    _call: &Call<'_>,
    _at: At<'_>,
    old: Option<&Object>,
    new: &mut Object,
) -> Result<(), ApiError> {
    if old.is_some() {
        return Ok(());
    }
    let name = text(new, "orn").or(text(new, "resourceOrnOrUrl")).unwrap_or_default();
    if name.is_empty() {
        return Err(ApiError::field("resourceOrnOrUrl", "The field cannot be left blank"));
    }
    let (orn, url) = match name.split_once("/api/v1/") {
        Some((_, path)) => (orn_of(&org.id, path), Some(format!("/api/v1/{path}"))),
        None => (name.to_owned(), path_of(name)),
    };
    new.remove("resourceOrnOrUrl");
    new.insert("orn".to_owned(), json!(orn));
    new.extend(url.map(|url| ("url".to_owned(), json!(url))));
    Ok(())
}

/// `users/00u1` as `orn:okta:directory:{org}:users:00u1`.
fn orn_of(org: &str, path: &str) -> String {
    let segments: Vec<&str> = path.split('/').filter(|segment| !segment.is_empty()).collect();
    let service = match segments.first() {
        Some(&("users" | "groups")) => "directory",
        _ => "idp",
    };
    let rest: String = segments.iter().flat_map(|segment| [":", segment]).collect();
    format!("orn:okta:{service}:{org}{rest}")
}

/// The other way round.
fn path_of(orn: &str) -> Option<String> {
    let mut parts = orn.split(':').skip(4);
    let collection = parts.next()?;
    let last = parts.last().map(|id| format!("/{id}")).unwrap_or_default();
    Some(format!("/api/v1/{collection}{last}"))
}

fn show_resource(_org: &Org, call: &Call<'_>, at: At<'_>, shown: &mut Object) {
    let own = json!({ "href": call.href(&at.own()) });
    let links = match shown.remove("url").as_ref().and_then(Value::as_str) {
        Some(url) => {
            let mut links = json!({ "self": { "href": call.href(url) }, "resource": own });
            if let Some(name @ ("users" | "groups" | "apps")) = url.rsplit('/').next() {
                links[name] = json!({ "href": call.href(url) });
            }
            links
        }
        None => json!({ "self": own.clone(), "resource": own }),
    };
    shown.insert("_links".to_owned(), links);
}

fn link_to_set(_org: &Org, call: &Call<'_>, path: &str, list: &mut Value) {
    let set = path.rsplit_once('/').map_or(path, |(set, _)| set);
    list["_links"]["resource-set"] = json!({ "href": call.href(set) });
}

/// A binding is found by the role that it binds.
fn accept_binding(
    org: &mut Org,
    _call: &Call<'_>,
    _at: At<'_>,
    old: Option<&Object>,
    new: &mut Object,
) -> Result<(), ApiError> {
    if old.is_some() {
        return Ok(());
    }
    let key = text(new, "role").unwrap_or_default().to_owned();
    if key.is_empty() {
        return Err(ApiError::field("role", "The field cannot be left blank"));
    }
    let role = org
        .stored("/api/v1/iam/roles", &key)
        .ok_or_else(|| ApiError::not_found(&key, "CustomRole"))?;
    let id = text(role, "id").unwrap_or(&key).to_owned();
    new.insert("id".to_owned(), json!(id));
    Ok(())
}

fn settle_binding(org: &mut Org, call: &Call<'_>, at: At<'_>, event: Event) {
    let Some(members) = take_list(org, at, event, "members") else {
        return;
    };
    for member in members {
        let id = org.ids.object("irb");
        if let Some(member) = member.as_str() {
            bind(org, at.path, at.id, &id, member, call);
            assign(org, at.path, at.id, &id, member, call);
        }
    }
}

/// Adds a member to a binding, which is made if it does not exist.
pub(crate) fn bind(org: &mut Org, bindings: &str, role: &str, id: &str, member: &str, call: &Call<'_>) {
    if org.stored(bindings, role).is_none() {
        let mut binding = dated(role, call);
        binding.insert("role".to_owned(), json!(role));
        org.resources.collection(bindings).insert(role.to_owned(), binding);
    }
    let mut new = dated(id, call);
    new.insert("member".to_owned(), json!(member));
    let members = org.resources.collection(&format!("{bindings}/{role}/members"));
    members.insert(id.to_owned(), new);
}

/// A bound user or group has the role among its own.
fn assign(org: &mut Org, bindings: &str, role: &str, id: &str, member: &str, call: &Call<'_>) {
    let Some((_, path)) = member.split_once("/api/v1/") else {
        return;
    };
    let set = bindings.split('/').nth(5).unwrap_or_default().to_owned();
    let label = org
        .stored("/api/v1/iam/roles", role)
        .and_then(|role| role.get("label").cloned());
    let kind = if path.starts_with("groups/") { "GROUP" } else { "USER" };
    let mut assignment = dated(id, call);
    for (name, value) in [
        ("type", json!("CUSTOM")),
        ("status", json!("ACTIVE")),
        ("label", label.unwrap_or_default()),
        ("assignmentType", json!(kind)),
        ("role", json!(role)),
        ("resource-set", json!(set)),
    ] {
        assignment.insert(name.to_owned(), value);
    }
    let roles = org.resources.collection(&format!("/api/v1/{path}/roles"));
    roles.insert(id.to_owned(), assignment);
}

fn show_binding(_org: &Org, call: &Call<'_>, at: At<'_>, shown: &mut Object) {
    let own = call.href(&at.own());
    shown.remove("role");
    shown.remove("members");
    let links = json!({
        "self": { "href": own },
        "bindings": { "href": call.href(at.path) },
        "members": { "href": format!("{own}/members") },
        "resource-set": { "href": call.href(at.parent()) },
    });
    shown.insert("_links".to_owned(), links);
}

fn accept_member(
    org: &mut Org,
    _call: &Call<'_>,
    at: At<'_>,
    old: Option<&Object>,
    new: &mut Object,
) -> Result<(), ApiError> {
    // Each is an address, whether it was added alone or with others.
    if old.is_none() && new.get("member").is_none() {
        let member = new.remove("orn").unwrap_or_default();
        let address = member.as_str().unwrap_or_default();
        let rest = address.split_once("/api/v1/").map_or(address, |(_, rest)| rest);
        match rest.split_once('/') {
            Some(("users", id)) => org.user(id).map(|_| ())?,
            Some(("groups", id)) => org.group(id).map(|_| ())?,
            _ => {}
        }
        new.insert("member".to_owned(), member);
        let id = at.id.replacen("ire", "irb", 1);
        new.insert("id".to_owned(), json!(id));
    }
    Ok(())
}

fn settle_member(org: &mut Org, call: &Call<'_>, at: At<'_>, event: Event) {
    let bindings = at
        .parent()
        .rsplit_once('/')
        .map_or("", |(bindings, _)| bindings)
        .to_owned();
    let role = at.above("bindings").to_owned();
    let member = org
        .stored(at.path, at.id)
        .and_then(|member| text(member, "member"))
        .map(str::to_owned);
    match (event, member) {
        (Event::Created, Some(member)) => assign(org, &bindings, &role, at.id, &member, call),
        (Event::Deleted, _) => {
            // The assignment has the id of the member.
            for (path, roles) in &mut org.resources.collections {
                if path.ends_with("/roles") {
                    roles.remove(at.id);
                }
            }
        }
        _ => {}
    }
}

fn show_member(_org: &Org, _call: &Call<'_>, _at: At<'_>, shown: &mut Object) {
    let member = shown.remove("member").unwrap_or_default();
    shown.insert("_links".to_owned(), json!({ "self": { "href": member } }));
}

fn link_to_binding(_org: &Org, call: &Call<'_>, path: &str, list: &mut Value) {
    let binding = path.rsplit_once('/').map_or(path, |(binding, _)| binding);
    list["_links"]["binding"] = json!({ "href": call.href(binding) });
}

/// The members of a response that is about what was added to: the set for resources, the binding for members.
pub(crate) fn about(org: &Org, call: &Call<'_>, path: &str) -> Option<Value> {
    let (owner, _) = path.rsplit_once('/')?;
    let (collection, id) = owner.rsplit_once('/')?;
    let mut shown = org.stored(collection, id)?.clone();
    let at = At { path: collection, id };
    if collection.ends_with("/bindings") {
        let links = json!({ "self": { "href": call.href(owner) }, "bindings": { "href": call.href(collection) },
            "resource-set": { "href": call.href(at.parent()) } });
        return Some(json!({ "id": id, "_links": links }));
    }
    show_set(org, call, at, &mut shown);
    object(&shown, "_links")?;
    Some(Value::Object(shown))
}
