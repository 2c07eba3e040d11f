//! What an exchange needs before it can be replayed: the resources that its path and its body name.

use std::collections::HashMap;

use serde_json::{Map, Value, json};

use crate::{exchange::Exchange, org::Org};

/// Resources that recordings show, by their ids.
#[derive(Default)]
pub struct Known {
    resources: HashMap<String, Value>,
    /// Bodies with which resources were created, by the operation's path with its ids left out.
    creations: HashMap<String, Value>,
}

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
    fn body(&self, resource: Option<&Value>, id: &str, collection: &str) -> Value {
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

/// The smallest body for collections that recordings may not show.
fn fallback(collection: &str, id: &str, number: usize) -> Value {
    let name = format!("Replayed {number}");
    match collection {
        "/api/v1/users" => {
            let login = format!("replayed{number}@example.com");
            json!({ "profile": { "firstName": "Re", "lastName": "Played", "login": login, "email": login } })
        }
        "/api/v1/groups" => json!({ "profile": { "name": name } }),
        "/api/v1/apps" => json!({ "name": "bookmark", "label": "Replayed", "signOnMode": "BOOKMARK",
            "settings": { "app": { "url": "https://example.com", "requestIntegration": false } } }),
        "/api/v1/logStreams" => json!({ "name": name, "type": "aws_eventbridge",
            "settings": { "accountId": "123456789012", "eventSourceName": "replayed", "region": "us-east-1" } }),
        "/api/v1/domains" => {
            json!({ "domain": format!("replayed{number}.example.com"), "certificateSourceType": "MANUAL" })
        }
        "/api/v1/email-domains" => {
            json!({ "domain": format!("replayed{number}.example.com"), "displayName": "Replayed",
            "userName": "noreply", "brandId": "bnd1emulated0org05d7" })
        }
        _ if collection.ends_with("/factors") => json!({ "factorType": "sms", "provider": "OKTA",
            "profile": { "phoneNumber": "+15555550123" } }),
        _ if collection.ends_with("/linkedObjects") => json!({ "primary": { "name": "manager", "title": "Manager",
            "type": "USER" }, "associated": { "name": "subordinate", "title": "Subordinate", "type": "USER" } }),
        "/api/v1/policies" if id.starts_with("rst") => {
            json!({ "type": "ACCESS_POLICY", "name": name, "description": "Replayed" })
        }
        "/api/v1/policies" => json!({ "type": "OKTA_SIGN_ON", "name": name, "description": "Replayed",
            "conditions": { "people": { "groups": { "include": [] } } } }),
        _ => json!({ "name": name, "label": name, "description": "Replayed" }),
    }
}

/// An application whose users have the claims of OpenID Connect.
fn openid() -> Value {
    json!({ "name": "oidc_client", "label": "Replayed", "signOnMode": "OPENID_CONNECT",
        "credentials": { "oauthClient": { "token_endpoint_auth_method": "client_secret_basic" } },
        "settings": { "oauthClient": { "application_type": "web", "grant_types": ["authorization_code"],
            "response_types": ["code"], "redirect_uris": ["https://example.com"] } } })
}

/// An exchange's path with the ids replaced by a star.
fn without_ids(exchange: &Exchange) -> String {
    let ids: Vec<&String> = exchange.path_params.values().collect();
    let segments = exchange.url_path.trim_end_matches('/').split('/');
    let segments = segments.map(|segment| {
        if ids.iter().any(|id| *id == segment) {
            "*"
        } else {
            segment
        }
    });
    segments.collect::<Vec<_>>().join("/")
}

/// A path with everything that looks like an id replaced by a star.
fn generic(path: &str) -> String {
    let segments = path.split('/');
    let segments = segments.map(|segment| if looks_like_id(segment) { "*" } else { segment });
    segments.collect::<Vec<_>>().join("/")
}

/// The resource that an exchange reads, by the name that the path has for it.
fn read(exchange: &Exchange) -> Option<(String, Value)> {
    let last = exchange.url_path.trim_end_matches('/').rsplit('/').next()?;
    let is_named = exchange.path_params.values().any(|id| id == last);
    let is_read = exchange.method == "GET" && exchange.status == Some(200) && exchange.response_body.is_object();
    (is_named && is_read).then(|| (last.to_owned(), exchange.response_body.clone()))
}

/// The password that a request proves to know.
fn known_password(body: &Value) -> Option<String> {
    let places = ["/oldPassword/value", "/password/value"];
    let found = places.into_iter().find_map(|place| body.pointer(place)?.as_str());
    found.map(str::to_owned)
}

fn looks_like_id(segment: &str) -> bool {
    segment.len() >= 16 && segment.chars().any(|character| character.is_ascii_digit())
}

/// One exchange as it is replayed: with the ids of the fresh org.
pub struct Prepared {
    /// Path and query.
    pub target: String,
    /// The request's body, if it is JSON.
    pub body: Value,
}

/// Makes everything that an exchange needs, and says how it is sent.
pub async fn prepare(org: &Org, known: &Known, exchange: &Exchange) -> Prepared {
    let mut maker = Maker {
        org,
        known,
        ids: HashMap::new(),
        password: known_password(&exchange.request_body),
        read: read(exchange),
    };
    let path = maker.path(exchange).await;
    maker.named_in(&exchange.request_body, 0).await;
    maker.bring_about(exchange, &path).await;
    // Cursors are the recorded org's own.
    let query = exchange.query.split('&');
    let query: Vec<&str> = query
        .filter(|pair| !pair.is_empty() && !pair.starts_with("after="))
        .collect();
    let query = maker.replaced(&query.join("&"));
    let body = match exchange.request_body_encoding.as_str() {
        "json" => {
            let mut body =
                serde_json::from_str(&maker.replaced(&exchange.request_body.to_string())).unwrap_or_default();
            if exchange.status.is_some_and(|status| status < 400) {
                with_keys(&mut body);
            }
            body
        }
        _ => exchange.request_body.clone(),
    };
    Prepared {
        target: if query.is_empty() {
            path
        } else {
            format!("{path}?{query}")
        },
        body,
    }
}

/// Public keys were made unrecognisable in the recordings, so they are not valid keys: others stand for them.
fn with_keys(value: &mut Value) {
    match value {
        Value::Object(members) => {
            let key = match members.get("kty").and_then(Value::as_str) {
                Some("RSA") => vec![("n", format!("{}w", "_".repeat(341))), ("e", "AQAB".to_owned())],
                Some("EC") => vec![
                    ("crv", "P-256".to_owned()),
                    ("x", "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU".to_owned()),
                    ("y", "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0".to_owned()),
                ],
                _ => Vec::new(),
            };
            for (name, value) in key {
                members.insert(name.to_owned(), Value::String(value));
            }
            members.values_mut().for_each(with_keys);
        }
        Value::Array(items) => items.iter_mut().for_each(with_keys),
        _ => {}
    }
}

struct Maker<'a> {
    org: &'a Org,
    known: &'a Known,
    /// From recorded ids to those of the fresh org.
    ids: HashMap<String, String>,
    /// The password that the exchange knows of its user.
    password: Option<String>,
    /// The resource that the exchange reads, as it is to be.
    read: Option<(String, Value)>,
}

impl Maker<'_> {
    fn replaced(&self, text: &str) -> String {
        self.ids
            .iter()
            .filter(|(old, _)| old.len() >= 8)
            .fold(text.to_owned(), |text, (old, new)| text.replace(old.as_str(), new))
    }

    /// The path with the ids of resources that exist, which are made where they do not.
    async fn path(&mut self, exchange: &Exchange) -> String {
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
    async fn named_in(&mut self, value: &Value, depth: usize) {
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

    /// Adds the attributes of a request and removes them, so that they are being cleaned up.
    async fn remove_attributes(&self, request: &Value, path: &str) {
        let Some(Value::Object(attributes)) = request.pointer("/definitions/custom/properties") else {
            return;
        };
        let none: Map<String, Value> = attributes.keys().map(|name| (name.clone(), Value::Null)).collect();
        let removal = json!({ "definitions": { "custom": { "properties": none } } });
        self.org.json("POST", path, Some(request)).await;
        self.org.json("POST", path, Some(&removal)).await;
    }

    /// Brings the resource into a state in which the recorded request had its recorded success.
    async fn bring_about(&mut self, exchange: &Exchange, path: &str) {
        if exchange.response_body.to_string().contains("deletion process") {
            self.remove_attributes(&exchange.request_body, path).await;
        }
        if !exchange.status.is_some_and(|status| (200..300).contains(&status)) {
            return;
        }
        // Attributes that the recorded org has added are its own.
        if path.contains("/meta/schemas/")
            && let Some(custom) = exchange.response_body.pointer("/definitions/custom")
        {
            let body = json!({ "definitions": { "custom": custom } });
            self.org.json("POST", path, Some(&body)).await;
        }
        let before = match path.rsplit_once("/lifecycle/") {
            Some((resource, "activate")) => Some(format!("{resource}/lifecycle/deactivate")),
            Some((resource, "unsuspend")) => Some(format!("{resource}/lifecycle/suspend")),
            Some(_) => None,
            None if exchange.method == "DELETE" => Some(format!("{path}/lifecycle/deactivate")),
            None => match exchange.response_body.get("status").and_then(Value::as_str) {
                Some("INACTIVE") => Some(format!("{path}/lifecycle/deactivate")),
                Some("ACTIVE") if exchange.method != "POST" => Some(format!("{path}/lifecycle/activate")),
                _ => None,
            },
        };
        if let Some(before) = before {
            self.org.json("POST", &before, None).await;
        }
    }
}

/// The action that brings a new resource into a status.
fn step_to(status: &str) -> Option<&'static str> {
    match status {
        "INACTIVE" | "DEPROVISIONED" => Some("deactivate"),
        "SUSPENDED" => Some("suspend"),
        "PASSWORD_EXPIRED" => Some("expire_password"),
        "RECOVERY" => Some("reset_password?sendEmail=false"),
        _ => None,
    }
}
