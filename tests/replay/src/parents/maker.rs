//! Makes the resources that an exchange names.

use std::collections::HashMap;

use serde_json::{Value, json};

use super::{
    body::{fallback, openid, with_keys},
    known::Known,
    state::step_to,
};
use crate::{exchange::Exchange, org::Org};

/// Where resources of a parameter's name are made, if that is not where the path names them.
const COLLECTIONS: [(&str, &str); 14] = [
    ("appId", "/api/v1/apps"),
    ("clientId", "/api/v1/apps"),
    ("groupId", "/api/v1/groups"),
    ("targetGroupId", "/api/v1/groups"),
    ("userId", "/api/v1/users"),
    ("userIdOrLogin", "/api/v1/users"),
    ("primaryUserId", "/api/v1/users"),
    ("ownerId", "/api/v1/users"),
    ("policyId", "/api/v1/policies"),
    ("idpId", "/api/v1/idps"),
    ("brandId", "/api/v1/brands"),
    ("authServerId", "/api/v1/authorizationServers"),
    ("typeId", "/api/v1/meta/types/user"),
    ("resourceSetIdOrLabel", "/api/v1/iam/resource-sets"),
];

pub(super) struct Maker<'a> {
    pub(super) org: &'a Org,
    pub(super) known: &'a Known,
    /// From recorded ids to those of the fresh org.
    pub(super) ids: HashMap<String, String>,
    /// The password that the exchange knows of its user.
    pub(super) password: Option<String>,
    /// The resource that the exchange reads, as it is to be.
    pub(super) read: Option<(String, Value)>,
}

impl Maker<'_> {
    pub(super) fn replaced(&self, text: &str) -> String {
        self.ids
            .iter()
            .filter(|(old, _)| old.len() >= 8)
            .fold(text.to_owned(), |text, (old, new)| text.replace(old.as_str(), new))
    }

    /// The path with the ids of resources that exist, which are made where they do not.
    pub(super) async fn path(&mut self, exchange: &Exchange) -> String {
        let mut path = String::new();
        let recorded = exchange.url_path.trim_end_matches('/');
        let segments: Vec<&str> = recorded.split('/').filter(|segment| !segment.is_empty()).collect();
        let last = segments.len().saturating_sub(1);
        for (index, segment) in segments.into_iter().enumerate() {
            let name = exchange
                .path_params
                .iter()
                .find(|(_, value)| value.as_str() == segment)
                .map(|(name, _)| name.as_str());
            let Some(name) = name else {
                path = format!("{path}/{segment}");
                continue;
            };
            let refusal = exchange.response_body.to_string();
            let names_another = exchange
                .path_params
                .values()
                .any(|id| id != segment && refusal.contains(id.as_str()));
            let refused =
                exchange.status == Some(404) && (refusal.contains(segment) || (index == last && !names_another));
            let id = if refused {
                segment.to_owned()
            } else {
                self.existing(&path, name, segment, exchange, index == last).await
            };
            path = format!("{path}/{id}");
        }
        path
    }

    /// The id of a resource of the fresh org that stands for the recorded one.
    async fn existing(&mut self, collection: &str, name: &str, id: &str, exchange: &Exchange, is_last: bool) -> String {
        if let Some(known) = self.ids.get(id) {
            return known.clone();
        }
        // A user's schema is that of a type; every org has the default one.
        if collection == "/api/v1/meta/schemas/user" {
            return "default".to_owned();
        }
        let elsewhere = COLLECTIONS
            .iter()
            .find(|(known, _)| *known == name && !collection.starts_with("/api/v1/authorizationServers/"))
            .map(|(_, path)| *path);
        let home = elsewhere.unwrap_or(collection);
        if self.org.json("GET", &format!("{home}/{id}"), None).await.is_success() {
            return id.to_owned();
        }
        let claims = "/definitions/base/properties/userName/externalName";
        let new = if exchange.response_body.pointer(claims).is_some() {
            self.org
                .json("POST", home, Some(&openid()))
                .await
                .id()
                .map(str::to_owned)
        } else {
            self.make(home, id).await
        };
        let new = new.unwrap_or_else(|| id.to_owned());
        self.ids.insert(id.to_owned(), new.clone());
        // A resource that belongs to another one is assigned to it before it is read or taken away.
        if elsewhere.is_some_and(|home| home != collection)
            && is_last
            && matches!(exchange.method.as_str(), "GET" | "DELETE" | "POST")
        {
            let place = format!("{collection}/{new}");
            let assigned = self.org.json("PUT", &place, Some(&json!({}))).await;
            if !assigned.is_success() {
                self.org
                    .json(
                        "POST",
                        collection,
                        Some(&json!({ "id": new, "scope": "USER", "type": "USER" })),
                    )
                    .await;
            }
        }
        new
    }

    async fn make(&mut self, collection: &str, id: &str) -> Option<String> {
        let resource = self.resource(id).cloned();
        let body = self.known.body(resource.as_ref(), id, collection);
        self.ids.insert(id.to_owned(), id.to_owned());
        Box::pin(self.named_in(&body, 4)).await;
        self.ids.remove(id);
        let mut body = serde_json::from_str(&self.replaced(&body.to_string())).unwrap_or(body);
        with_keys(&mut body);
        let status = resource.as_ref().and_then(|resource| resource.get("status")?.as_str());
        let mut target = collection.to_owned();
        // Not every org lets its users ask for applications.
        if let Some(Value::Object(accessibility)) = body.get_mut("accessibility") {
            accessibility.remove("selfService");
        }
        if matches!(status, Some("INACTIVE" | "STAGED")) {
            target.push_str("?activate=false");
        }
        if collection == "/api/v1/users" {
            if let Some(user) = body.as_object_mut() {
                user.retain(|name, _| name == "profile" || name == "type");
                user.remove("type");
            }
            let has_password = resource
                .as_ref()
                .is_some_and(|user| user.pointer("/credentials/password").is_some());
            if has_password || !matches!(status, Some("STAGED" | "PROVISIONED")) {
                let password = self.password.as_deref().unwrap_or("replayed-Pa55word");
                body["credentials"] = json!({ "password": { "value": password },
                    "recovery_question": { "question": "Which?", "answer": "This" } });
            }
        }
        // Every org has one authenticator of each kind.
        if collection == "/api/v1/authenticators"
            && let Some(id) = self.with_key(collection, &body).await
        {
            return Some(id);
        }
        // A definition is named after both of its ends.
        if collection.ends_with("/linkedObjects") {
            if collection.starts_with("/api/v1/meta") {
                let definition = json!({ "primary": { "name": id, "title": id, "type": "USER" },
                    "associated": { "name": format!("{id}_of"), "title": id, "type": "USER" } });
                self.org.json("POST", collection, Some(&definition)).await;
            } else {
                Box::pin(self.make("/api/v1/meta/schemas/user/linkedObjects", id)).await;
            }
            return Some(id.to_owned());
        }
        // A binding is named by its role.
        if collection.ends_with("/bindings") {
            let role = Box::pin(self.make("/api/v1/iam/roles", id)).await?;
            let binding = json!({ "role": role, "members": [] });
            self.org.json("POST", collection, Some(&binding)).await;
            return Some(role);
        }
        let is_system = resource
            .as_ref()
            .is_some_and(|resource| resource.get("system") == Some(&json!(true)));
        if is_system && let Some(id) = self.of_the_org(collection, &body).await {
            return Some(id);
        }
        let reply = self.org.json("POST", &target, Some(&body)).await;
        let mut new = reply.id().map(str::to_owned);
        if new.is_none() {
            let body = fallback(collection, id, self.ids.len());
            let reply = self.org.json("POST", collection, Some(&body)).await;
            new = reply.id().map(str::to_owned);
        }
        // Where callers choose the ids, writing makes them.
        if new.is_none()
            && self
                .org
                .json("PUT", &format!("{collection}/{id}"), Some(&body))
                .await
                .is_success()
        {
            new = Some(id.to_owned());
        }
        // What callers cannot make, an org has from the beginning.
        if new.is_none() {
            let list = self.org.json("GET", collection, None).await.body;
            let items = list
                .as_array()
                .or_else(|| list.as_object()?.values().find_map(Value::as_array));
            let first = items.and_then(|items| items.first());
            let names = ["id", "name", "contactType", "notificationType"];
            let id = first.and_then(|item| names.iter().find_map(|name| item.get(*name)?.as_str()));
            return id.map(str::to_owned);
        }
        if let (Some(new), Some(step)) = (&new, status.and_then(step_to)) {
            self.org
                .json("POST", &format!("{collection}/{new}/lifecycle/{step}"), None)
                .await;
        }
        new
    }

    /// What recordings show of a resource.
    fn resource(&self, id: &str) -> Option<&Value> {
        match &self.read {
            Some((own, resource)) if own == id => Some(resource),
            _ => self.known.resources.get(id),
        }
    }

    /// The resource with the same key as a recorded one.
    async fn with_key(&self, collection: &str, body: &Value) -> Option<String> {
        let key = body.get("key")?;
        let list = self.org.json("GET", collection, None).await.body;
        let found = list.as_array()?.iter().find(|item| item.get("key") == Some(key))?;
        Some(found.get("id")?.as_str()?.to_owned())
    }

    /// The resource that every org has and that is like a recorded one.
    async fn of_the_org(&self, collection: &str, body: &Value) -> Option<String> {
        let kind = body.get("type").and_then(Value::as_str).unwrap_or_default();
        let list = self
            .org
            .json("GET", &format!("{collection}?type={kind}"), None)
            .await
            .body;
        let mut items = list
            .as_array()?
            .iter()
            .filter(|item| item.get("system") == Some(&json!(true)));
        let same = items.clone().find(|item| item.get("name") == body.get("name"));
        Some(same.or_else(|| items.next())?.get("id")?.as_str()?.to_owned())
    }

    /// Makes the users, groups and applications that a body names.
    pub(super) async fn named_in(&mut self, value: &Value, depth: usize) {
        match value {
            Value::String(id) if id.len() == 20 && !self.ids.contains_key(id) => {
                let collection = match id.get(..3) {
                    Some("00g") => "/api/v1/groups",
                    Some("00u") => "/api/v1/users",
                    Some("0oa") => "/api/v1/apps",
                    Some("bnd") => "/api/v1/brands",
                    _ => return,
                };
                if let Some(new) = self.make(collection, id).await {
                    self.ids.insert(id.clone(), new);
                }
            }
            Value::Object(members) if depth < 8 => {
                for member in members.values() {
                    Box::pin(self.named_in(member, depth + 1)).await;
                }
            }
            Value::Array(items) if depth < 8 => {
                for item in items {
                    Box::pin(self.named_in(item, depth + 1)).await;
                }
            }
            _ => {}
        }
    }
}
