//! What an assignment of a standard role is limited to: groups, applications of the catalogue, and instances of these.

use serde_json::{Value, json};

use crate::{
    base::clock::{iso, whole_seconds},
    handlers::{
        groups,
        resources::model::{At, Event, Model},
    },
    org::Org,
    protocol::{
        call::Call,
        error::ApiError,
        json::{Object, text},
    },
    state::resource::admin_role,
};

pub(crate) static MODELS: [Model; 9] = [
    of_groups("/api/v1/users/*/roles/*/targets/groups"),
    of_groups("/api/v1/groups/*/roles/*/targets/groups"),
    of_groups("/oauth2/v1/clients/*/roles/*/targets/groups"),
    of_apps("/api/v1/users/*/roles/*/targets/catalog/apps"),
    of_apps("/api/v1/groups/*/roles/*/targets/catalog/apps"),
    of_apps("/oauth2/v1/clients/*/roles/*/targets/catalog/apps"),
    of_instances("/api/v1/users/*/roles/*/targets/catalog/apps/*"),
    of_instances("/api/v1/groups/*/roles/*/targets/catalog/apps/*"),
    of_instances("/oauth2/v1/clients/*/roles/*/targets/catalog/apps/*"),
];

const fn of_groups(path: &'static str) -> Model {
    Model::of(path).accept(accept_group).show(show_group)
}

const fn of_apps(path: &'static str) -> Model {
    Model::of(path).accept(accept_app).show(show_app)
}

const fn of_instances(path: &'static str) -> Model {
    Model::of(path).accept(accept_instance).settle(settle_instance)
}

/// Refuses targets of a role that takes none.
fn check(org: &Org, at: At<'_>, takes: fn(&str) -> bool) -> Result<(), ApiError> {
    let Some((before, rest)) = at.path.split_once("/roles/") else {
        return Ok(());
    };
    let id = rest.split('/').next().unwrap_or_default();
    let kind = org
        .stored(&format!("{before}/roles"), id)
        .and_then(|role| text(role, "type"));
    match kind {
        Some(kind) if !takes(kind) => Err(ApiError::role_without_targets()),
        _ => Ok(()),
    }
}

fn accept_group(
    org: &mut Org,
    _call: &Call<'_>,
    at: At<'_>,
    _old: Option<&Object>,
    _new: &mut Object,
) -> Result<(), ApiError> {
    check(org, at, admin_role::has_group_targets)?;
    org.group(at.id).map(|_| ())
}

fn show_group(org: &Org, call: &Call<'_>, at: At<'_>, shown: &mut Object) {
    if let Ok(group) = org.group(at.id)
        && let Value::Object(group) = groups::read::render(group, call)
    {
        *shown = group;
    }
}

fn accept_app(
    org: &mut Org,
    _call: &Call<'_>,
    at: At<'_>,
    _old: Option<&Object>,
    _new: &mut Object,
) -> Result<(), ApiError> {
    check(org, at, admin_role::has_app_targets)
}

/// An application as the catalogue has it.
fn show_app(org: &Org, call: &Call<'_>, at: At<'_>, shown: &mut Object) {
    let instance = org.apps.get(at.id);
    let name = instance.map_or(at.id, |app| app.name());
    let mode = instance.and_then(|app| text(&app.document, "signOnMode"));
    let label = instance.map_or_else(|| title(name), |app| app.label().to_owned());
    let catalogue = json!({
        "name": name,
        "displayName": label,
        "description": "",
        "status": "ACTIVE",
        "lastUpdated": shown.get("lastUpdated"),
        "category": "COLLABORATION",
        "verificationStatus": "OKTA_VERIFIED",
        "website": format!("https://{name}.example.com"),
        "signOnModes": [mode.unwrap_or("BROWSER_PLUGIN")],
        "features": [],
        "_links": {
            "logo": [{ "name": "medium", "href": call.href("/assets/img/logos/default.png"), "type": "image/png" }],
            "self": { "href": call.href(&format!("/api/v1/catalog/apps/{name}")) },
        },
    });
    if let Value::Object(mut catalogue) = catalogue {
        if instance.is_some() {
            catalogue.insert("id".to_owned(), json!(at.id));
        }
        *shown = catalogue;
    }
}

fn title(name: &str) -> String {
    let mut letters = name.chars();
    let first = letters.next().map(|letter| letter.to_ascii_uppercase());
    first.into_iter().chain(letters).collect()
}

fn accept_instance(
    org: &mut Org,
    _call: &Call<'_>,
    at: At<'_>,
    _old: Option<&Object>,
    _new: &mut Object,
) -> Result<(), ApiError> {
    check(org, at, admin_role::has_app_targets)?;
    org.app(at.id).map(|_| ())
}

/// The list of targets has instances and applications of the catalogue side by side.
fn settle_instance(org: &mut Org, call: &Call<'_>, at: At<'_>, event: Event) {
    let list = org.resources.collection(at.parent());
    match event {
        Event::Deleted => {
            list.remove(at.id);
        }
        Event::Created | Event::Changed => {
            let members = [
                ("id", json!(at.id)),
                ("lastUpdated", json!(iso(whole_seconds(call.now)))),
            ];
            let target = members.map(|(name, value)| (name.to_owned(), value));
            list.insert(at.id.to_owned(), target.into_iter().collect());
        }
    }
}
