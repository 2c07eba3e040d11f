//! Custom roles and their permissions.

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
        json::{Object, text},
    },
};

const ROLES: &str = "/api/v1/iam/roles";

pub(crate) static MODELS: [Model; 2] = [
    Model::of(ROLES).accept(accept).settle(settle).keep(keep).show(show),
    Model::of("/api/v1/iam/roles/*/permissions")
        .accept(accept_permission)
        .show(show_permission),
];

fn accept(org: &mut Org, _call: &Call<'_>, at: At<'_>, old: Option<&Object>, new: &mut Object) -> Result<(), ApiError> {
    let label = new.get("label").cloned().unwrap_or_default();
    let mut others = org.resources.collection(at.path).values();
    if others.any(|other| other.get("label") == Some(&label) && text(other, "id") != Some(at.id)) {
        return Err(ApiError::field(
            "label",
            "There is already an admin role with this name.",
        ));
    }
    if old.is_none() {
        let permissions = new.get("permissions").and_then(Value::as_array);
        for permission in permissions.into_iter().flatten().filter_map(Value::as_str) {
            check(permission)?;
        }
    } else {
        new.remove("permissions");
    }
    Ok(())
}

/// Permissions are named like scopes.
fn check(permission: &str) -> Result<(), ApiError> {
    let parts = permission.split('.').count();
    if permission.starts_with("okta.") && parts > 2 {
        Ok(())
    } else {
        Err(ApiError::field(
            "permissions",
            "The permission type specified is not valid",
        ))
    }
}

/// The permissions of a new role become a collection of their own.
fn settle(org: &mut Org, call: &Call<'_>, at: At<'_>, event: Event) {
    let Some(permissions) = take_list(org, at, event, "permissions") else {
        return;
    };
    let collection = org.resources.collection(&format!("{}/permissions", at.own()));
    for name in permissions.iter().filter_map(Value::as_str) {
        collection.insert(name.to_owned(), dated(name, call));
    }
}

/// A role that is assigned stays.
fn keep(org: &Org, _call: &Call<'_>, at: At<'_>, _role: &Object) -> Result<(), ApiError> {
    let uses = org.resources.collections.iter().any(|(path, collection)| {
        path.starts_with("/api/v1/iam/resource-sets/") && path.ends_with("/bindings") && collection.get(at.id).is_some()
    });
    if uses {
        return Err(ApiError::field("role", "The role is assigned and cannot be deleted"));
    }
    Ok(())
}

fn show(_org: &Org, call: &Call<'_>, at: At<'_>, shown: &mut Object) {
    let own = call.href(&at.own());
    let links = json!({ "permissions": { "href": format!("{own}/permissions") }, "self": { "href": own } });
    shown.insert("_links".to_owned(), links);
}

fn accept_permission(
    _org: &mut Org,
    _call: &Call<'_>,
    at: At<'_>,
    _old: Option<&Object>,
    _new: &mut Object,
) -> Result<(), ApiError> {
    check(at.id)
}

fn show_permission(_org: &Org, call: &Call<'_>, at: At<'_>, shown: &mut Object) {
    shown.insert("label".to_owned(), json!(at.id));
    let links = json!({ "role": { "href": call.href(at.parent()) }, "self": { "href": call.href(&at.own()) } });
    shown.insert("_links".to_owned(), links);
}
