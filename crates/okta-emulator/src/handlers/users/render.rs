//! A user as the API shows it.

use serde_json::{Map, Value, json};

use crate::{
    base::clock::iso,
    protocol::{call::Call, json::Object},
    state::{
        user::{Status, User},
        usual::REALM,
    },
};

/// Base attributes that are shown even where they have no value.
const ALWAYS_SHOWN: [&str; 2] = ["mobilePhone", "secondEmail"];

/// The user on its own, with the links of everything that can be done with it.
pub(crate) fn alone(user: &User, call: &Call<'_>) -> Value {
    let mut links = json!({
        "self": { "href": href(user, call, "") },
        "schema": { "href": call.href(&format!("/api/v1/meta/schemas/user/{}", schema_id(&user.type_id))) },
        "type": { "href": call.href(&format!("/api/v1/meta/types/user/{}", user.type_id)) },
    });
    for (name, path) in actions(user.status) {
        let method = if *name == "delete" { "DELETE" } else { "POST" };
        links[name] = json!({ "href": href(user, call, path), "method": method });
    }
    document(user, call, links)
}

/// The user as one of many: with its own link only.
pub(crate) fn in_list(user: &User, call: &Call<'_>) -> Value {
    document(user, call, json!({ "self": { "href": href(user, call, "") } }))
}

/// What a user's credentials show: that there is a password, never which.
pub(crate) fn credentials(user: &User) -> Value {
    let mut credentials = json!({ "provider": { "type": user.provider.kind, "name": user.provider.name } });
    if user.password.is_some() {
        credentials["password"] = json!({});
    }
    if let Some(recovery) = &user.recovery {
        credentials["recovery_question"] = json!({ "question": recovery.question });
    }
    credentials
}

/// Each user type has a schema whose id differs in the prefix.
pub(crate) fn schema_id(type_id: &str) -> String {
    type_id.replacen("oty", "osc", 1)
}

/// Whether the caller asked for less: `Content-Type: application/json; okta-response=omitCredentials,…`.
fn omitted(call: &Call<'_>, what: &str) -> bool {
    call.headers
        .get(http::header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split_once("okta-response="))
        .is_some_and(|(_, omitted)| omitted.trim_matches('"').split(',').any(|name| name.trim() == what))
}

fn document(user: &User, call: &Call<'_>, links: Value) -> Value {
    let date = |time: Option<jiff::Timestamp>| time.map_or(Value::Null, |time| Value::String(iso(time)));
    let mut document = json!({
        "id": user.id,
        "status": user.status.as_str(),
        "created": iso(user.created),
        "activated": date(user.activated),
        "statusChanged": date(user.status_changed),
        "lastLogin": null,
        "lastUpdated": iso(user.last_updated),
        "passwordChanged": date(user.password_changed),
        "type": { "id": user.type_id },
        "realmId": REALM,
        "profile": profile(&user.profile),
        "_links": links,
    });
    if !omitted(call, "omitCredentials") {
        document["credentials"] = credentials(user);
    }
    document
}

fn profile(kept: &Object) -> Map<String, Value> {
    let mut shown = kept.clone();
    for name in ALWAYS_SHOWN {
        shown.entry(name).or_insert(Value::Null);
    }
    shown
}

fn href(user: &User, call: &Call<'_>, rest: &str) -> String {
    call.href(&format!("/api/v1/users/{}{rest}", user.id))
}

/// What can be done with a user in this status: the name of the link and the rest of its path.
fn actions(status: Status) -> &'static [(&'static str, &'static str)] {
    const ACTIVATE: (&str, &str) = ("activate", "/lifecycle/activate");
    const DEACTIVATE: (&str, &str) = ("deactivate", "/lifecycle/deactivate");
    const REACTIVATE: (&str, &str) = ("reactivate", "/lifecycle/reactivate");
    const SUSPEND: (&str, &str) = ("suspend", "/lifecycle/suspend");
    const UNSUSPEND: (&str, &str) = ("unsuspend", "/lifecycle/unsuspend");
    const UNLOCK: (&str, &str) = ("unlock", "/lifecycle/unlock");
    const DELETE: (&str, &str) = ("delete", "");
    const RESET_FACTORS: (&str, &str) = ("resetFactors", "/lifecycle/reset_factors");
    const RESET_PASSWORD: (&str, &str) = ("resetPassword", "/lifecycle/reset_password");
    const EXPIRE_PASSWORD: (&str, &str) = ("expirePassword", "/lifecycle/expire_password");
    const FORGOT_PASSWORD: (&str, &str) = ("forgotPassword", "/credentials/forgot_password");
    const CHANGE_PASSWORD: (&str, &str) = ("changePassword", "/credentials/change_password");
    const CHANGE_QUESTION: (&str, &str) = ("changeRecoveryQuestion", "/credentials/change_recovery_question");
    match status {
        Status::Staged => &[ACTIVATE, RESET_FACTORS],
        Status::Provisioned => &[SUSPEND, RESET_PASSWORD, REACTIVATE, RESET_FACTORS, DEACTIVATE],
        Status::Active => &[
            SUSPEND,
            RESET_PASSWORD,
            FORGOT_PASSWORD,
            EXPIRE_PASSWORD,
            CHANGE_QUESTION,
            RESET_FACTORS,
            CHANGE_PASSWORD,
            DEACTIVATE,
        ],
        Status::Recovery => &[RESET_PASSWORD, REACTIVATE, RESET_FACTORS, DEACTIVATE],
        Status::PasswordExpired => &[
            SUSPEND,
            RESET_PASSWORD,
            FORGOT_PASSWORD,
            EXPIRE_PASSWORD,
            CHANGE_QUESTION,
            RESET_FACTORS,
            CHANGE_PASSWORD,
            DEACTIVATE,
        ],
        Status::LockedOut => &[UNLOCK, RESET_PASSWORD, RESET_FACTORS, DEACTIVATE],
        Status::Suspended => &[UNSUSPEND, RESET_FACTORS, DEACTIVATE],
        Status::Deprovisioned => &[ACTIVATE, RESET_FACTORS, DELETE],
    }
}
