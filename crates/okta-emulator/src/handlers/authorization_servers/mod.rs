//! Authorization servers: what a new one has, and what only the org says about one.

pub(crate) mod keys;

use jiff::ToSpan;
use serde_json::{Value, json};

use crate::{
    base::clock::{iso, whole_seconds},
    handlers::resources::model::{At, Event, Model},
    org::Org,
    protocol::{
        call::Call,
        error::ApiError,
        json::{Object, text},
    },
    state::oauth::servers::issuer,
};

const SERVERS: &str = "/api/v1/authorizationServers";

pub(crate) static MODELS: [Model; 3] = [
    Model::of(SERVERS).accept(accept).settle(settle).keep(keep).show(show),
    Model::of("/api/v1/authorizationServers/*/scopes")
        .accept(accept_scope)
        .keep(keep_system),
    Model::of("/api/v1/authorizationServers/*/claims").keep(keep_system),
];

/// The scopes of every server.
pub(crate) const SCOPES: [&str; 7] = [
    "openid",
    "profile",
    "email",
    "address",
    "phone",
    "offline_access",
    "device_sso",
];

/// Days between two rotations.
const ROTATION: i64 = 90;

fn accept(org: &mut Org, call: &Call<'_>, _at: At<'_>, old: Option<&Object>, new: &mut Object) -> Result<(), ApiError> {
    let mode = new
        .get("credentials")
        .and_then(|all| all.pointer("/signing/rotationMode"))
        .and_then(Value::as_str)
        .unwrap_or("AUTO")
        .to_owned();
    let mut signing = match old.and_then(|old| old.get("credentials")?.get("signing")) {
        Some(signing) => signing.clone(),
        None => {
            let kid = org.ids.text(43);
            rotated(&kid, call)
        }
    };
    signing["rotationMode"] = json!(mode);
    new.insert("credentials".to_owned(), json!({ "signing": signing }));
    let is_default = old.and_then(|old| old.get("default").cloned());
    new.insert("default".to_owned(), is_default.unwrap_or(json!(false)));
    Ok(())
}

/// What is said about a key that signs from now on.
pub(crate) fn rotated(kid: &str, call: &Call<'_>) -> Value {
    let now = whole_seconds(call.now);
    let next = now.checked_add((ROTATION * 24).hours()).unwrap_or(now);
    json!({ "kid": kid, "use": "sig", "rotationMode": "AUTO", "lastRotated": iso(now), "nextRotation": iso(next) })
}

/// A new server has the scopes of OpenID Connect and the claim `sub`.
fn settle(org: &mut Org, _call: &Call<'_>, at: At<'_>, event: Event) {
    if event == Event::Created {
        let own = at.own();
        for scope in SCOPES {
            let id = org.ids.object("scp");
            let object = system_scope(&id, scope);
            org.resources.collection(&format!("{own}/scopes")).insert(id, object);
        }
        let id = org.ids.object("ocl");
        let object = subject_claim(&id);
        org.resources.collection(&format!("{own}/claims")).insert(id, object);
    }
}

pub(crate) fn system_scope(id: &str, name: &str) -> Object {
    members(json!({
        "id": id, "name": name, "displayName": null, "description": null, "system": true, "default": false,
        "consent": "IMPLICIT", "optional": false, "metadataPublish": "ALL_CLIENTS",
    }))
}

pub(crate) fn subject_claim(id: &str) -> Object {
    members(json!({
        "id": id, "name": "sub", "status": "ACTIVE", "claimType": "RESOURCE", "valueType": "EXPRESSION",
        "value": "(appuser != null) ? appuser.userName : app.clientId", "conditions": { "scopes": [] },
        "system": true, "alwaysIncludeInToken": true,
    }))
}

fn members(value: Value) -> Object {
    match value {
        Value::Object(members) => members,
        _ => Object::new(),
    }
}

fn keep(_org: &Org, _call: &Call<'_>, at: At<'_>, server: &Object) -> Result<(), ApiError> {
    if at.id == "default" || server.get("default") == Some(&json!(true)) {
        let cause = "The default authorization server cannot be deleted";
        return Err(ApiError::validation("authorizationServer", [cause.to_owned()]));
    }
    Ok(())
}

fn show(_org: &Org, call: &Call<'_>, at: At<'_>, shown: &mut Object) {
    shown.insert("issuer".to_owned(), json!(issuer(call.origin, Some(at.id))));
}

fn accept_scope(
    _org: &mut Org,
    _call: &Call<'_>,
    _at: At<'_>,
    old: Option<&Object>,
    new: &mut Object,
) -> Result<(), ApiError> {
    let is_system = old.is_some_and(|old| old.get("system") == Some(&json!(true)));
    if is_system && old.and_then(|old| text(old, "name")) != text(new, "name") {
        return Err(ApiError::field("name", "The name of a system scope cannot be changed"));
    }
    Ok(())
}

fn keep_system(_org: &Org, _call: &Call<'_>, _at: At<'_>, object: &Object) -> Result<(), ApiError> {
    if object.get("system") == Some(&json!(true)) {
        let name = text(object, "name").unwrap_or_default();
        return Err(ApiError::field(
            "name",
            &format!("`{name}` belongs to the system and cannot be deleted"),
        ));
    }
    Ok(())
}
