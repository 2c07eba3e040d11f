//! Settings, contents and states that exist once each: empty until they are written.

use jiff::ToSpan;
use serde_json::{Value, json};

use crate::{
    base::clock::{iso, whole_seconds},
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

/// The settings of the org itself.
const ORG: &str = "/api/v1/org";

/// When every org was made, and its settings last changed before they are written.
const ORG_CREATED: &str = "2026-01-01T00:00:00.000Z";

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

/// What an action does to the settings that it belongs to: the end of its path, the path of the settings, and their new members.
fn effect(path: &str, call: &Call<'_>) -> Option<(String, Value)> {
    let in_hours = |hours: i64| {
        let now = whole_seconds(call.now);
        json!(iso(now.checked_add(hours.hours()).unwrap_or(now)))
    };
    let (settings, action) = path.rsplit_once('/')?;
    let members = match (settings, action) {
        ("/api/v1/org/privacy/oktaSupport", "grant") => json!({ "support": "ENABLED", "expiration": in_hours(8) }),
        ("/api/v1/org/privacy/oktaSupport", "extend") => json!({ "support": "ENABLED", "expiration": in_hours(24) }),
        ("/api/v1/org/privacy/oktaSupport", "revoke") => json!({ "support": "DISABLED", "expiration": null }),
        ("/api/v1/org/privacy/oktaCommunication", "optIn") => json!({ "optOutEmailUsers": false }),
        ("/api/v1/org/privacy/oktaCommunication", "optOut") => json!({ "optOutEmailUsers": true }),
        ("/api/v1/org/preferences", "showEndUserFooter") => json!({ "showEndUserFooter": true }),
        ("/api/v1/org/preferences", "hideEndUserFooter") => json!({ "showEndUserFooter": false }),
        ("/api/v1/iam/governance", "optIn") => json!({ "optInStatus": "OPTED_IN" }),
        ("/api/v1/iam/governance", "optOut") => json!({ "optInStatus": "OPTED_OUT" }),
        (_, "activate") if path.contains("/connections/") => json!({ "status": "ENABLED" }),
        (_, "deactivate") if path.contains("/connections/") => json!({ "status": "DISABLED" }),
        _ => return None,
    };
    let settings = settings.strip_suffix("/lifecycle").unwrap_or(settings);
    Some((settings.to_owned(), members))
}

fn write(path: &str, document: Object, org: &mut Org, call: &Call<'_>) -> Reply {
    let mut document = document;
    if let Some((settings, Value::Object(members))) = effect(path, call) {
        document.extend(members.clone());
        let own = org.resources.documents.entry(settings).or_default();
        own.extend(members);
    }
    if path == ORG {
        document.insert("lastUpdated".to_owned(), json!(iso(whole_seconds(call.now))));
    }
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
    if path == ORG {
        document.insert("id".to_owned(), json!(usual::ORG_ID));
        document.entry("created").or_insert_with(|| json!(ORG_CREATED));
        document.entry("lastUpdated").or_insert_with(|| json!(ORG_CREATED));
    }
    usual::fill(
        Place::template(path).unwrap_or(path),
        &mut document,
        &usual::Place::of(call, path),
    );
    Value::Object(document)
}
