//! Brings an operation about: ids from the org, bodies from the walk that the witness of the document takes too.

use std::collections::HashMap;

use http::{Method, Request, header};
use http_body_util::{BodyExt, Full};
use okta_emulator::{Emulator, Seed};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use regex::Regex;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use tower::ServiceExt;

use crate::document::{Operation, file, golden, operations};

/// Members that name an item.
const NAMES: [&str; 11] = [
    "id",
    "kid",
    "domain",
    "name",
    "key",
    "notificationType",
    "contactType",
    "label",
    "aaguid",
    "method",
    "externalId",
];

const PICTURE: &str = "--walk\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.png\"\r\n\
                       Content-Type: image/png\r\n\r\nPNG\r\n--walk--\r\n";

/// What `tests/witnesses/walk.json` says.
#[derive(Deserialize)]
struct Facts {
    homes: HashMap<String, String>,
    setup: Vec<Vec<Value>>,
    choices: Vec<(String, String, String)>,
    queries: HashMap<String, Map<String, Value>>,
    before: HashMap<String, Vec<(String, String, Value)>>,
    bodies: HashMap<String, Value>,
}

pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) body: Value,
}

impl Reply {
    pub(crate) fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }
}

pub(crate) struct Walk {
    pub(crate) operations: Vec<Operation>,
    facts: Facts,
    choices: Vec<(Regex, Regex, String)>,
    golden: HashMap<String, Value>,
    emulator: Emulator,
    known: HashMap<String, String>,
    number: usize,
    /// The body that was sent last.
    pub(crate) sent: Value,
}

impl Walk {
    pub(crate) fn new() -> Self {
        let facts: Facts = serde_json::from_str(&file("tests/witnesses/walk.json")).unwrap();
        let whole = |text: &str| Regex::new(&format!("^(?:{text})$")).unwrap();
        let choices = facts.choices.iter();
        Self {
            operations: operations(),
            choices: choices
                .map(|(path, parameter, value)| (Regex::new(path).unwrap(), whole(parameter), value.clone()))
                .collect(),
            facts,
            golden: golden(),
            emulator: fresh(),
            known: HashMap::new(),
            number: 0,
            sent: Value::Null,
        }
    }

    pub(crate) async fn send(&self, method: &str, target: &str, body: Option<(&str, String)>) -> Reply {
        let request = Request::builder()
            .method(method.parse::<Method>().unwrap())
            .uri(format!("https://test.okta.com{target}"))
            .header(header::AUTHORIZATION, format!("SSWS {}", self.emulator.token()))
            .header(header::ACCEPT, "*/*");
        let request = match body {
            Some((kind, body)) => request.header(header::CONTENT_TYPE, kind).body(Full::from(body)),
            None => request.body(Full::<bytes::Bytes>::default()),
        };
        let response = self.emulator.clone().oneshot(request.unwrap()).await.unwrap();
        let status = response.status().as_u16();
        let bytes = response.into_body().collect().await.unwrap().to_bytes();
        // What is not JSON is content all the same.
        let text = || Value::String(String::from_utf8_lossy(&bytes).into_owned());
        let body = if bytes.is_empty() {
            Value::Null
        } else {
            serde_json::from_slice(&bytes).unwrap_or_else(|_| text())
        };
        Reply { status, body }
    }

    async fn json(&mut self, method: &str, target: &str, body: &Value) -> Reply {
        let target = self.filled(target);
        let body = (!body.is_null()).then(|| ("application/json", self.filled(&body.to_string())));
        self.send(method, &target, body).await
    }

    /// A text with ids of the org, and with names that nothing else has.
    fn filled(&mut self, text: &str) -> String {
        self.number += 1;
        let text = text.replace("{n}", &self.number.to_string());
        self.known
            .iter()
            .fold(text, |text, (name, value)| text.replace(&format!("{{{name}}}"), value))
    }

    /// A fresh org with what most paths name.
    pub(crate) async fn prepare(&mut self) {
        self.emulator = fresh();
        for step in self.facts.setup.clone() {
            let text = |index: usize| step[index].as_str().unwrap();
            let reply = self.json(text(1), text(2), &step[3]).await;
            assert!(reply.is_success(), "{step:?}: {} {}", reply.status, reply.body);
            let found = match step.get(4) {
                Some(Value::String(member)) if !member.is_empty() => reply.body[member].as_str().map(str::to_owned),
                Some(Value::Object(wanted)) => {
                    let has = |item: &&Value| wanted.iter().all(|(name, value)| item.get(name) == Some(value));
                    listed(&reply.body).iter().find(has).and_then(name)
                }
                _ => name(&reply.body),
            };
            if !text(0).is_empty() {
                self.known.insert(text(0).to_owned(), found.unwrap_or_default());
            }
        }
    }

    /// The operation's path with ids of the org; what is not there is made.
    pub(crate) async fn path(&mut self, operation: &Operation) -> String {
        let is_delete = operation.method == "DELETE";
        let (mut path, mut template) = (String::new(), String::new());
        let segments: Vec<&str> = operation.path.split('/').skip(1).collect();
        for (index, segment) in segments.iter().enumerate() {
            let value = match segment.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) {
                None => (*segment).to_owned(),
                Some(parameter) => {
                    let is_new = is_delete && index + 1 == segments.len();
                    let value = match self.choice(&operation.path, parameter) {
                        Some(value) => value,
                        None => self.existing(&template, &path, parameter, is_new).await,
                    };
                    utf8_percent_encode(&value, NON_ALPHANUMERIC).to_string()
                }
            };
            path = format!("{path}/{value}");
            template = format!("{template}/{segment}");
        }
        path
    }

    fn choice(&mut self, path: &str, parameter: &str) -> Option<String> {
        let mut choices = self.choices.iter();
        let found = choices.find(|(of, named, _)| of.is_match(path) && named.is_match(parameter));
        let value = found.map(|(_, _, value)| value.clone())?;
        Some(self.filled(&value))
    }

    async fn existing(&mut self, template: &str, path: &str, parameter: &str, is_new: bool) -> String {
        let home = self.facts.homes.get(parameter).filter(|home| !home.is_empty()).cloned();
        let (template, path) = match &home {
            Some(home) => (home.as_str(), home.as_str()),
            None => (template, path),
        };
        let mut found = if is_new { None } else { self.first(path).await };
        if found.is_none() {
            found = self.make(template, path).await;
        }
        if found.is_none() {
            found = self.first(path).await;
        }
        found.unwrap_or_else(|| "missing".to_owned())
    }

    async fn first(&self, collection: &str) -> Option<String> {
        listed(&self.send("GET", collection, None).await.body)
            .iter()
            .find_map(name)
    }

    /// Makes one more item of a collection.
    pub(crate) async fn make(&mut self, template: &str, path: &str) -> Option<String> {
        let id = self.with("POST", template)?.id.clone();
        let reply = self.attempt(&id, path).await;
        if reply.is_success() { name(&reply.body) } else { None }
    }

    /// Writes what a path is about, if that is possible: settings, pages, pictures, assignments.
    pub(crate) async fn write(&mut self, template: &str, path: &str) {
        let last = template.rsplit('/').next().unwrap_or_default();
        let methods: &[&str] = if last.starts_with('{') {
            &["PUT"]
        } else {
            &["PUT", "POST"]
        };
        for method in methods {
            let writer = self.with(method, template).filter(|writer| writer.body.is_some());
            if let Some(id) = writer.map(|writer| writer.id.clone()) {
                self.attempt(&id, path).await;
                return;
            }
        }
    }

    /// Puts what is there already into a list, if that is how it is filled.
    pub(crate) async fn fill(&mut self, template: &str) {
        let mut operations = self.operations.iter();
        let is_into = |operation: &&Operation| {
            let rest = operation
                .path
                .strip_prefix(template)
                .and_then(|rest| rest.strip_prefix("/{"));
            operation.method == "PUT" && rest.is_some_and(|rest| !rest.contains('/'))
        };
        if let Some(into) = operations.find(is_into).cloned() {
            let path = self.path(&into).await;
            self.attempt(&into.id, &path).await;
        }
    }

    pub(crate) fn with(&self, method: &str, template: &str) -> Option<&Operation> {
        let mut operations = self.operations.iter();
        operations.find(|operation| operation.method == method && operation.path == template)
    }

    /// A copy of an operation.
    pub(crate) fn take(&self, id: &str) -> Operation {
        self.operations
            .iter()
            .find(|operation| operation.id == id)
            .cloned()
            .unwrap()
    }

    /// The query that an operation needs.
    pub(crate) fn query(&mut self, id: &str) -> String {
        let Some(query) = self.facts.queries.get(id).cloned() else {
            return String::new();
        };
        let pairs = query.iter().map(|(name, value)| {
            let value = self.filled(value.as_str().unwrap_or_default());
            format!("{name}={}", utf8_percent_encode(&value, NON_ALPHANUMERIC))
        });
        format!("?{}", pairs.collect::<Vec<_>>().join("&"))
    }

    /// What comes before the operation, so that it is possible.
    pub(crate) async fn bring_about(&mut self, operation: &Operation, path: &str) {
        let parent = path.rsplit_once('/').map_or(path, |(parent, _)| parent).to_owned();
        for (method, target, body) in self.facts.before.get(&operation.id).cloned().unwrap_or_default() {
            let target = target.replace("{own}", path).replace("{parent}", &parent);
            self.json(&method, &target, &body).await;
        }
        let opposite = match path.rsplit('/').next() {
            Some("activate") if !operation.path.starts_with("/api/v1/users/") => "deactivate",
            Some("unsuspend") if !operation.path.starts_with("/api/v1/users/") => "suspend",
            Some("deactivate") if !operation.path.starts_with("/api/v1/users/") => "activate",
            Some("resume") => "pause",
            _ => "",
        };
        if !opposite.is_empty() {
            self.send("POST", &format!("{parent}/{opposite}"), None).await;
        }
        // What is assigned already shows nothing.
        if operation.method == "PUT" && operation.body.is_none() && self.with("DELETE", &operation.path).is_some() {
            self.send("DELETE", path, None).await;
        }
        if operation.method == "DELETE" {
            self.write(&operation.path, path).await;
            if self.with("PUT", &operation.path).is_some_and(|put| put.body.is_none()) {
                self.send("PUT", path, None).await;
            }
            self.send("POST", &format!("{path}/lifecycle/deactivate"), None).await;
        }
    }

    /// Sends an operation to a path.
    pub(crate) async fn attempt(&mut self, id: &str, path: &str) -> Reply {
        let operation = self.operations.iter().find(|operation| operation.id == id).unwrap();
        let (method, kind) = (
            operation.method.clone(),
            operation.body.as_ref().map(|body| body.media_type.clone()),
        );
        let target = format!("{path}{}", self.query(id));
        self.sent = Value::Null;
        let Some(kind) = kind else {
            return self.send(&method, &target, None).await;
        };
        let body = if kind.contains("json") {
            let stated = self
                .facts
                .bodies
                .get(id)
                .or_else(|| self.golden.get(id))
                .cloned()
                .unwrap_or(json!({}));
            let text = self.filled(&named(stated).to_string());
            self.sent = serde_json::from_str(&text).unwrap();
            text
        } else if kind.starts_with("multipart/") {
            return self
                .send(
                    &method,
                    &target,
                    Some(("multipart/form-data; boundary=walk", PICTURE.to_owned())),
                )
                .await;
        } else {
            "text".to_owned()
        };
        self.send(&method, &target, Some((&kind, body))).await
    }
}

fn fresh() -> Emulator {
    let seed: Seed = serde_json::from_str(&file("tests/witnesses/walk_seed.json")).unwrap();
    Emulator::builder().seed(seed).rate_limit(1_000_000).build().unwrap()
}

/// The items of a list, whatever it is wrapped in.
pub(crate) fn listed(body: &Value) -> &[Value] {
    let list = body
        .as_array()
        .or_else(|| body.as_object()?.values().find_map(Value::as_array));
    list.map_or(&[], Vec::as_slice)
}

/// What an item is called in a path.
pub(crate) fn name(item: &Value) -> Option<String> {
    if let Some(name) = item.as_str() {
        return Some(name.to_owned());
    }
    let item = item
        .get("primary")
        .filter(|primary| primary.is_object())
        .unwrap_or(item);
    NAMES
        .iter()
        .find_map(|name| item.get(name)?.as_str())
        .map(str::to_owned)
}

/// Names that are free: a golden request may be sent more than once.
fn named(mut body: Value) -> Value {
    for member in ["name", "label", "displayName", "brandName"] {
        if let Some(Value::String(name)) = body.get_mut(member)
            && name == "text"
        {
            name.push_str("{n}");
        }
    }
    body
}
