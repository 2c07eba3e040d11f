//! The order in which policies and rules apply: priorities without gaps, those of the system last.

use serde_json::{Value, json};

use crate::{org::Org, protocol::json::Object};

/// The priority of a rule that applies when no other does.
const LAST: i64 = 99;

/// How the priorities of a collection are given.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Order {
    /// From one on, for each type.
    Counted,
    /// From zero on; the rule that applies when no other does has 99.
    FromZero,
    /// Always one: such policies are assigned, not tried one after the other.
    None,
}

impl Order {
    pub(crate) fn of(path: &str, object: &Object) -> Self {
        let kind = object.get("type").and_then(Value::as_str).unwrap_or_default();
        let is_rule = path.ends_with("/rules");
        match (kind, is_rule) {
            ("ACCESS_POLICY" | "PROFILE_ENROLLMENT", true) => Self::FromZero,
            ("ACCESS_POLICY" | "PROFILE_ENROLLMENT", false) => Self::None,
            _ => Self::Counted,
        }
    }

    fn first(self) -> i64 {
        i64::from(self != Self::FromZero)
    }
}

/// Gives the members of a collection their priorities; `moved` is where it says, the others follow in their order.
pub(crate) fn arrange(org: &mut Org, path: &str, moved: Option<&str>) {
    let collection = org.resources.collection(path);
    let mut groups: Vec<(Value, Order)> = Vec::new();
    for object in collection.values() {
        let kind = object.get("type").cloned().unwrap_or_default();
        if !groups.iter().any(|(known, _)| *known == kind) {
            groups.push((kind, Order::of(path, object)));
        }
    }
    for (kind, order) in groups.into_iter().filter(|(_, order)| *order != Order::None) {
        let priority = |object: &Object| object.get("priority").and_then(Value::as_i64).unwrap_or(i64::MAX);
        let is_system = |object: &Object| object.get("system") == Some(&Value::Bool(true));
        let members = collection
            .after(0)
            .filter(|(.., object)| object.get("type") == Some(&kind));
        let mut own: Vec<(i64, String)> = Vec::new();
        let mut system: Vec<String> = Vec::new();
        let mut place = None;
        for (_, id, object) in members {
            if is_system(object) {
                system.push(id.to_owned());
            } else if moved == Some(id) {
                place = Some(priority(object));
            } else {
                own.push((priority(object), id.to_owned()));
            }
        }
        own.sort_by_key(|(priority, _)| *priority);
        let mut ids: Vec<String> = own.into_iter().map(|(_, id)| id).collect();
        if let (Some(place), Some(moved)) = (place, moved) {
            let index = usize::try_from(place.saturating_sub(order.first())).unwrap_or(0);
            ids.insert(index.min(ids.len()), moved.to_owned());
        }
        let own = ids.len();
        for (index, id) in ids.into_iter().chain(system).enumerate() {
            let counted = order.first() + i64::try_from(index).unwrap_or(0);
            let last = order == Order::FromZero && index >= own;
            if let Some(object) = collection.get_mut(&id) {
                object.insert("priority".to_owned(), json!(if last { LAST } else { counted }));
            }
        }
    }
}

/// What a rule that applies when no other does has to say.
pub(crate) fn catch_all(kind: &str) -> Value {
    match kind {
        "ACCESS_POLICY" => json!({ "appSignOn": {
            "access": "ALLOW",
            "verificationMethod": {
                "factorMode": "2FA",
                "type": "ASSURANCE",
                "reauthenticateIn": "PT12H",
                "constraints": [],
            },
        } }),
        "PROFILE_ENROLLMENT" => json!({ "profileEnrollment": {
            "access": "ALLOW",
            "preRegistrationInlineHooks": null,
            "profileAttributes": [
                { "name": "email", "label": "Email", "required": true },
                { "name": "firstName", "label": "First name", "required": true },
                { "name": "lastName", "label": "Last name", "required": true },
            ],
            "targetGroupIds": null,
            "unknownUserAction": "DENY",
            "activationRequirements": { "emailVerification": true },
        } }),
        _ => Value::Null,
    }
}
