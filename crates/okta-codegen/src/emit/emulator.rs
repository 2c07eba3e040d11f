//! The emulator's tables: what the document demands of requests and says about responses, without its prose.
//!
//! Both files are lines, so that the emulator reads only what it needs: one operation per line as JSON, and one schema per line as
//! its name, a tab and JSON. Schemas keep the vocabulary of the document; references are `"ref": "Name"`.

use indexmap::IndexMap;
use serde_json::{Map, Value, json};

use super::file::{EMULATOR, File};
use crate::{
    document::Node,
    error::{Error, Result},
};

const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

/// The keywords of a schema that are copied unchanged.
const FACTS: [&str; 17] = [
    "default",
    "enum",
    "format",
    "maxItems",
    "maxLength",
    "maximum",
    "minItems",
    "minLength",
    "minimum",
    "nullable",
    "pattern",
    "readOnly",
    "required",
    "type",
    "uniqueItems",
    "writeOnly",
    "exclusiveMinimum",
];

pub(crate) fn emit(document: &Node) -> Result<[File; 2]> {
    let file = |name: &str, text| File {
        path: format!("{EMULATOR}/{name}"),
        text,
    };
    Ok([
        file("operations.jsonl", operations(document)?),
        file("schemas.tsv", schemas(document)?),
    ])
}

fn schemas(document: &Node) -> Result<String> {
    let schemas = document
        .get("components")
        .and_then(|components| components.get("schemas"))
        .and_then(Node::as_map)
        .ok_or_else(|| Error::document("#", "`components/schemas` is missing"))?;
    Ok(schemas
        .iter()
        .map(|(name, node)| format!("{name}\t{}\n", schema(node)))
        .collect())
}

fn operations(document: &Node) -> Result<String> {
    let paths = document
        .get("paths")
        .and_then(Node::as_map)
        .ok_or_else(|| Error::document("#", "`paths` is missing"))?;
    let mut lines = String::new();
    for (path, item) in paths {
        for method in METHODS {
            if let Some(node) = item.get(method) {
                lines.push_str(&operation(document, path, method, item, node).to_string());
                lines.push('\n');
            }
        }
    }
    Ok(lines)
}

fn operation(document: &Node, path: &str, method: &str, item: &Node, node: &Node) -> Value {
    let mut line = Map::new();
    let text = |name: &str| node.get(name).and_then(Node::as_str).unwrap_or_default();
    line.insert("id".to_owned(), json!(text("operationId")));
    line.insert("method".to_owned(), json!(method.to_uppercase()));
    line.insert("path".to_owned(), json!(path));
    let responses = node.get("responses").and_then(Node::as_map);
    let success = responses
        .into_iter()
        .flatten()
        .filter(|(status, _)| status.starts_with('2'))
        .min_by_key(|(status, _)| status.as_str());
    if let Some((status, response)) = success {
        line.insert("status".to_owned(), json!(status.parse::<u16>().unwrap_or(200)));
        if let Some((media_type, schema)) = content(document, response) {
            if media_type != JSON {
                line.insert("media_type".to_owned(), json!(media_type));
            }
            line.insert("response".to_owned(), schema);
        }
    }
    let parameters = [item, node]
        .into_iter()
        .filter_map(|place| place.get("parameters")?.as_list());
    let query: Vec<Value> = parameters
        .flatten()
        .map(|parameter| resolved(document, parameter))
        .filter(|parameter| parameter.get("in").and_then(Node::as_str) == Some("query"))
        .map(|parameter| {
            json!({
                "name": parameter.get("name").and_then(Node::as_str),
                "required": parameter.get("required").and_then(Node::as_bool).unwrap_or_default(),
                "schema": parameter.get("schema").map_or(json!({}), schema),
            })
        })
        .collect();
    if !query.is_empty() {
        line.insert("query".to_owned(), Value::Array(query));
    }
    if let Some(body) = node.get("requestBody").map(|body| resolved(document, body))
        && let Some((media_type, schema)) = content(document, body)
    {
        let required = body.get("required").and_then(Node::as_bool).unwrap_or_default();
        line.insert(
            "body".to_owned(),
            json!({ "required": required, "media_type": media_type, "schema": schema }),
        );
    }
    Value::Object(line)
}

const JSON: &str = "application/json";

/// The media type of a body, JSON before others, and its schema.
fn content<'a>(document: &'a Node, body: &'a Node) -> Option<(&'a str, Value)> {
    let content = resolved(document, body).get("content")?.as_map()?;
    let (media_type, body) = content.get_key_value(JSON).or_else(|| content.first())?;
    Some((media_type, body.get("schema").map_or(json!({}), schema)))
}

/// The target of a reference to a shared parameter, body or response.
fn resolved<'a>(document: &'a Node, node: &'a Node) -> &'a Node {
    let target = node.get("$ref").and_then(Node::as_str).and_then(|reference| {
        let mut segments = reference.strip_prefix("#/")?.split('/');
        segments.try_fold(document, |node, segment| node.get(segment))
    });
    target.unwrap_or(node)
}

/// A schema without prose and examples.
fn schema(node: &Node) -> Value {
    let mut kept = Map::new();
    let Some(members) = node.as_map() else {
        return value(node);
    };
    for (name, node) in members {
        let value = match name.as_str() {
            "$ref" => {
                kept.insert("ref".to_owned(), json!(last_segment(node)));
                continue;
            }
            "properties" => map(node.as_map(), schema),
            "items" | "additionalProperties" | "not" => schema(node),
            "allOf" | "oneOf" | "anyOf" => node.as_list().unwrap_or_default().iter().map(schema).collect(),
            "discriminator" => json!({
                "propertyName": node.get("propertyName").and_then(Node::as_str),
                "mapping": map(node.get("mapping").and_then(Node::as_map), |target| json!(last_segment(target))),
            }),
            name if FACTS.contains(&name) => value(node),
            _ => continue,
        };
        kept.insert(name.clone(), value);
    }
    Value::Object(kept)
}

fn map(members: Option<&IndexMap<String, Node>>, of: impl Fn(&Node) -> Value) -> Value {
    let members = members.into_iter().flatten();
    Value::Object(members.map(|(name, node)| (name.clone(), of(node))).collect())
}

fn last_segment(reference: &Node) -> Option<&str> {
    reference.as_str()?.rsplit('/').next()
}

fn value(node: &Node) -> Value {
    match node {
        Node::Null => Value::Null,
        Node::Bool(flag) => json!(flag),
        Node::Integer(number) => json!(number),
        Node::Float(number) => json!(number),
        Node::Text(text) => json!(text),
        Node::List(items) => items.iter().map(value).collect(),
        Node::Map(members) => map(Some(members), value),
    }
}
