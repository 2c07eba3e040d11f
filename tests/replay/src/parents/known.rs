//! What recordings show of resources, and what they were made with.

use std::collections::HashMap;

use serde_json::{Map, Value, json};

use super::{
    body::fallback,
    path::{generic, without_ids},
};
use crate::exchange::Exchange;

/// Resources that recordings show, by their ids.
#[derive(Default)]
pub struct Known {
    pub(super) resources: HashMap<String, Value>,
    /// Bodies with which resources were created, by the operation's path with its ids left out.
    creations: HashMap<String, Value>,
}

/// Collections that the API only reads: devices enroll themselves, agents report themselves.
const PLANTED: [&str; 5] = [
    "/api/v1/agentPools",
    "/api/v1/devices",
    "/api/v1/features",
    "/api/v1/mappings",
    "/api/v1/sessions",
];

/// Members that only the org sets.
const SERVER_SET: [&str; 12] = [
    "id",
    "created",
    "lastUpdated",
    "status",
    "_links",
    "_embedded",
    "createdBy",
    "lastUpdatedBy",
    "system",
    "activated",
    "statusChanged",
    "passwordChanged",
];

impl Known {
    /// Learns from a file of exchanges.
    pub fn of(exchanges: &[Exchange]) -> Self {
        let mut known = Self::default();
        for exchange in exchanges {
            if exchange.status.is_some_and(|status| (200..300).contains(&status)) {
                known.learn(&exchange.response_body);
                if exchange.method == "POST" && exchange.request_body.is_object() {
                    known
                        .creations
                        .entry(without_ids(exchange))
                        .or_insert_with(|| exchange.request_body.clone());
                }
            }
        }
        known
    }

    fn learn(&mut self, value: &Value) {
        match value {
            Value::Object(members) => {
                for name in ["id", "kid"] {
                    if let Some(id) = members.get(name).and_then(Value::as_str) {
                        let fuller = self
                            .resources
                            .get(id)
                            .and_then(Value::as_object)
                            .is_none_or(|old| old.len() < members.len());
                        if fuller {
                            self.resources.insert(id.to_owned(), value.clone());
                        }
                    }
                }
                members.values().for_each(|member| self.learn(member));
            }
            Value::Array(items) => items.iter().for_each(|item| self.learn(item)),
            _ => {}
        }
    }

    /// What a resource was created with, as far as its recorded state shows it.
    pub(super) fn body(&self, resource: Option<&Value>, id: &str, collection: &str) -> Value {
        let creation = self.creations.get(&generic(collection));
        match resource {
            Some(Value::Object(resource)) if is_of(collection, resource) => {
                let stated = resource
                    .iter()
                    .filter(|(name, value)| !SERVER_SET.contains(&name.as_str()) && !value.is_null());
                let mut body: Map<String, Value> = stated.map(|(name, value)| (name.clone(), value.clone())).collect();
                if let Some(Value::Object(profile)) = body.get_mut("profile") {
                    profile.retain(|_, value| !value.is_null());
                }
                // Secrets are never shown, so the recorded creation fills in what the state lacks.
                if let Some(Value::Object(creation)) = creation
                    && creation.get("type") == body.get("type")
                    && creation.get("signOnMode") == body.get("signOnMode")
                {
                    fill_in(&mut body, creation);
                }
                Value::Object(body)
            }
            _ => creation.cloned().unwrap_or_else(|| fallback(collection, id, 0)),
        }
    }

    /// The resources of an exchange that callers of the API cannot make.
    pub fn planted(&self, exchange: &Exchange) -> Vec<(String, Value)> {
        let refused = exchange.status == Some(404);
        let collections = PLANTED.into_iter().filter(|_| !refused);
        let found = collections.filter_map(|collection| {
            let id = exchange
                .url_path
                .strip_prefix(collection)?
                .strip_prefix('/')?
                .split('/')
                .next()?;
            let id = exchange.path_params.values().find(|value| *value == id)?;
            let mut resource = self.resources.get(id).cloned().unwrap_or_else(|| json!({}));
            resource["id"] = json!(id);
            Some((collection.to_owned(), resource))
        });
        found.collect()
    }
}

/// Adds what is missing, inside members that are there too.
fn fill_in(body: &mut Map<String, Value>, from: &Map<String, Value>) {
    for (name, value) in from {
        match (body.get_mut(name), value) {
            (Some(Value::Object(there)), Value::Object(value)) => fill_in(there, value),
            (Some(_), _) => {}
            (None, value) => {
                body.insert(name.clone(), value.clone());
            }
        }
    }
}

/// Whether a recorded object is one of a collection, and not only something about it.
fn is_of(collection: &str, resource: &Map<String, Value>) -> bool {
    let profile = |name: &str| {
        resource
            .get("profile")
            .is_some_and(|profile| profile.get(name).is_some())
    };
    match collection {
        "/api/v1/users" => profile("login"),
        "/api/v1/groups" => profile("name"),
        "/api/v1/apps" => resource.contains_key("label") && resource.contains_key("signOnMode"),
        "/api/v1/policies" => resource.get("type").and_then(Value::as_str) != Some("OAUTH_AUTHORIZATION_POLICY"),
        _ => true,
    }
}
