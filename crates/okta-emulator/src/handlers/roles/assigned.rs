//! Roles of users, groups and service applications.

use data_encoding::BASE32_NOPAD;
use serde_json::{Value, json};

use crate::{
    handlers::resources::model::{At, Event, Model},
    org::Org,
    protocol::{
        call::Call,
        error::ApiError,
        json::{Object, text},
    },
    state::resource::admin_role,
};

const USER: &str = "/api/v1/users/";

const GROUP: &str = "/api/v1/groups/";

const USERS: &str = "/api/v1/users/*/roles";

const GROUPS: &str = "/api/v1/groups/*/roles";

const CLIENTS: &str = "/oauth2/v1/clients/*/roles";

pub(crate) static MODELS: [Model; 3] = [assignments(USERS), assignments(GROUPS), assignments(CLIENTS)];

const fn assignments(path: &'static str) -> Model {
    Model::of(path)
        .accept(accept)
        .settle(settle)
        .show(show)
        .show_list(with_those_of_groups)
}

/// Refuses what is not a role or assigned already, and names what is assigned.
fn accept(org: &mut Org, _call: &Call<'_>, at: At<'_>, old: Option<&Object>, new: &mut Object) -> Result<(), ApiError> {
    if old.is_some() {
        return Ok(());
    }
    let kind = text(new, "type").unwrap_or_default().to_owned();
    if kind.is_empty() {
        return Err(ApiError::field("type", "The field cannot be left blank"));
    }
    let is_custom = kind == admin_role::CUSTOM;
    let label = if is_custom {
        custom_role(org, new)?
    } else {
        let label = admin_role::label(&kind).ok_or_else(ApiError::malformed_body)?;
        label.to_owned()
    };
    let same = |other: &Object| {
        text(other, "type") == Some(&kind)
            && (!is_custom
                || (other.get("role") == new.get("role") && other.get("resource-set") == new.get("resource-set")))
    };
    let is_assigned = org
        .resources
        .collections
        .get(at.path)
        .is_some_and(|others| others.values().any(same));
    if is_assigned {
        return Err(ApiError::role_assigned(assignee(at).0));
    }
    let id = if is_custom {
        org.ids.object("irb")
    } else if admin_role::has_targets(&kind) {
        // The id of a role that can be limited says which role it is.
        BASE32_NOPAD.encode(kind.as_bytes())
    } else {
        org.ids.object(if at.path.starts_with(GROUP) { "gra" } else { "ra1" })
    };
    for (name, value) in [
        ("id", json!(id)),
        ("label", json!(label)),
        ("status", json!("ACTIVE")),
        ("assignmentType", json!(assignee(at).1)),
    ] {
        new.insert(name.to_owned(), value);
    }
    Ok(())
}

/// Who has the roles of a path, in words and as the type of the assignment.
fn assignee(at: At<'_>) -> (&'static str, &'static str) {
    if at.path.starts_with(USER) {
        ("user", "USER")
    } else if at.path.starts_with(GROUP) {
        ("group", "GROUP")
    } else {
        ("client", "CLIENT")
    }
}

/// The label of a custom role, which has to exist, as has its resource set. Both may be named by label.
fn custom_role(org: &Org, new: &mut Object) -> Result<String, ApiError> {
    let mut label = String::new();
    for (member, collection, kind) in [
        ("role", "/api/v1/iam/roles", "CustomRole"),
        ("resource-set", "/api/v1/iam/resource-sets", "IAMPolicy"),
    ] {
        let key = text(new, member).unwrap_or_default().to_owned();
        if key.is_empty() {
            return Err(ApiError::field(member, "The field cannot be left blank"));
        }
        let found = org
            .stored(collection, &key)
            .ok_or_else(|| ApiError::not_found(&key, kind))?;
        if member == "role" {
            label = text(found, "label").unwrap_or_default().to_owned();
        }
        new.insert(member.to_owned(), json!(text(found, "id")));
    }
    Ok(label)
}

/// A custom role is also a binding of its resource set.
fn settle(org: &mut Org, call: &Call<'_>, at: At<'_>, event: Event) {
    let Some(assignment) = org.stored(at.path, at.id).cloned() else {
        return;
    };
    let (Some(role), Some(set)) = (text(&assignment, "role"), text(&assignment, "resource-set")) else {
        return;
    };
    if event == Event::Created {
        let member = call.href(at.parent());
        let bindings = format!("/api/v1/iam/resource-sets/{set}/bindings");
        super::sets::bind(org, &bindings, role, at.id, &member, call);
    }
}

fn show(_org: &Org, call: &Call<'_>, at: At<'_>, shown: &mut Object) {
    let mut links = json!({ "assignee": { "href": call.href(at.parent()) } });
    if let (Some(role), Some(set)) = (text(shown, "role"), text(shown, "resource-set")) {
        let binding = format!("/api/v1/iam/resource-sets/{set}/bindings/{role}");
        links["role"] = json!({ "href": call.href(&format!("/api/v1/iam/roles/{role}")) });
        links["permissions"] = json!({ "href": call.href(&format!("/api/v1/iam/roles/{role}/permissions")) });
        links["resource-set"] = json!({ "href": call.href(&format!("/api/v1/iam/resource-sets/{set}")) });
        links["member"] = json!({ "href": call.href(&format!("{binding}/members/{}", at.id)) });
    }
    shown.insert("_links".to_owned(), links);
}

/// A user has the roles of its groups too.
fn with_those_of_groups(org: &Org, call: &Call<'_>, path: &str, list: &mut Value) {
    let user = path
        .strip_prefix(USER)
        .and_then(|rest| org.user(rest.strip_suffix("/roles")?).ok());
    let (Some(user), Value::Array(list)) = (user, list) else {
        return;
    };
    for group in org.groups.values().filter(|group| group.has(&user.id)) {
        let path = format!("{GROUP}{}/roles", group.id);
        let roles = org.resources.collections.get(&path).into_iter();
        for role in roles.flat_map(|roles| roles.values()) {
            let (mut shown, id) = (role.clone(), text(role, "id").unwrap_or_default());
            show(org, call, At { path: &path, id }, &mut shown);
            list.push(Value::Object(shown));
        }
    }
}
