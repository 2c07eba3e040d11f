//! Policies and rules: their order, what belongs to the system, and the applications that they apply to.

pub(crate) mod mapped;
pub(crate) mod order;
pub(crate) mod simulate;

use serde_json::{Value, json};

use crate::{
    base::clock::{iso, whole_seconds},
    handlers::{
        policies::order::{Order, arrange},
        resources::model::{At, Event, Model},
    },
    org::Org,
    protocol::{
        call::Call,
        error::ApiError,
        json::{Object, text},
    },
};

pub(crate) const POLICIES: &str = "/api/v1/policies";

pub(crate) static MODELS: [Model; 4] = [
    ordered(POLICIES).show(show),
    ordered("/api/v1/policies/*/rules"),
    ordered("/api/v1/authorizationServers/*/policies"),
    ordered("/api/v1/authorizationServers/*/policies/*/rules"),
];

const fn ordered(path: &'static str) -> Model {
    Model::of(path).accept(accept).settle(settle).act(act).keep(keep)
}

fn is_system(object: &Object) -> bool {
    object.get("system") == Some(&json!(true))
}

fn accept(org: &mut Org, _call: &Call<'_>, at: At<'_>, old: Option<&Object>, new: &mut Object) -> Result<(), ApiError> {
    let system = old.is_some_and(is_system);
    new.insert("system".to_owned(), json!(system));
    if let Some(old) = old {
        // Its type is what a policy is; recordings show that a request with another one changes nothing about it.
        new.extend(old.get("type").map(|kind| ("type".to_owned(), kind.clone())));
    }
    if at.path.ends_with("/rules") && text(new, "name").is_some_and(|name| taken(org, at, name)) {
        return Err(ApiError::field("name", "A rule with this name already exists"));
    }
    let order = Order::of(at.path, new);
    let stated = new
        .get("priority")
        .and_then(Value::as_i64)
        .filter(|priority| *priority >= 0);
    let kept = old.and_then(|old| old.get("priority").and_then(Value::as_i64));
    let priority = match (system, order) {
        (true, _) => kept.or(Some(1)),
        (false, Order::None) => Some(1),
        // Without a priority a new one comes last, and an old one stays.
        (false, _) => stated.or(kept).or(Some(i64::MAX)),
    };
    new.insert("priority".to_owned(), json!(priority));
    Ok(())
}

fn taken(org: &Org, at: At<'_>, name: &str) -> bool {
    let rules = org.resources.collections.get(at.path).into_iter();
    rules
        .flat_map(|rules| rules.values())
        .any(|rule| text(rule, "name") == Some(name) && text(rule, "id") != Some(at.id))
}

/// The others move to make room, or move up.
fn settle(org: &mut Org, call: &Call<'_>, at: At<'_>, event: Event) {
    let moved = (event != Event::Deleted).then_some(at.id);
    arrange(org, at.path, moved);
    match event {
        Event::Created if at.path == POLICIES => first_rule(org, call, at),
        // Its applications come under the default policy.
        Event::Deleted if at.path == POLICIES => {
            for app in org.apps.values_mut() {
                app.release_from(at.id);
            }
        }
        _ => {}
    }
}

/// A new policy of some types has a rule from the beginning.
fn first_rule(org: &mut Org, call: &Call<'_>, at: At<'_>) {
    let Some(kind) = org.stored(at.path, at.id).and_then(|policy| text(policy, "type")) else {
        return;
    };
    if !matches!(kind, "ACCESS_POLICY" | "PROFILE_ENROLLMENT") {
        return;
    }
    let now = iso(whole_seconds(call.now));
    let rule = json!({
        "id": "", "type": kind, "name": "Catch-all Rule", "status": "ACTIVE", "priority": 99, "system": true,
        "created": now, "lastUpdated": now, "conditions": null, "actions": order::catch_all(kind),
    });
    let id = org.ids.object("rul");
    if let Value::Object(mut rule) = rule {
        rule.insert("id".to_owned(), json!(id));
        org.resources
            .collection(&format!("{}/rules", at.own()))
            .insert(id, rule);
    }
}

fn act(_org: &mut Org, _call: &Call<'_>, _at: At<'_>, action: &str, object: &mut Object) -> Result<(), ApiError> {
    if action == "deactivate" && is_system(object) {
        return Err(ApiError::validation(
            "status",
            ["A policy or rule of the system cannot be deactivated".to_owned()],
        ));
    }
    Ok(())
}

fn keep(_org: &Org, _call: &Call<'_>, _at: At<'_>, object: &Object) -> Result<(), ApiError> {
    if is_system(object) {
        return Err(ApiError::validation(
            "system",
            ["A policy or rule of the system cannot be deleted".to_owned()],
        ));
    }
    Ok(())
}

/// A default policy cannot be switched or deleted, so it has no links for that.
fn show(_org: &Org, _call: &Call<'_>, _at: At<'_>, shown: &mut Object) {
    let is_default = is_system(shown);
    if is_default && let Some(Value::Object(links)) = shown.get_mut("_links") {
        links.remove("deactivate");
        links.remove("activate");
    }
}
