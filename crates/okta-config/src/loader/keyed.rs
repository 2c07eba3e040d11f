//! From the keys of a source, such as `okta.client.orgUrl`, to settings: for our files and the sources of the program alike.

use config::{Map, Value, ValueKind};

use crate::error::{Fault, Problem, Warning};
use crate::loader::contents::Contents;
use crate::loader::layer::Layer;
use crate::loader::nearest::nearest;
use crate::loader::raw::{Entry, Raw};
use crate::loader::unsupported::{UNSUPPORTED, Unsupported};
use crate::origin::Origin;
use crate::setting::{Setting, Shape};

/// The root of every key, and the sections below it that are ours: other tools keep theirs next to them.
pub(super) const ROOT: &str = "okta";
const SECTIONS: [&str; 2] = ["okta.client", "okta.testing"];

/// A source whose values have keys, as its messages name it.
pub(super) trait Named {
    /// The place of a value, by the origin that the value carries; of the whole source without one.
    fn origin(&self, origin: Option<&str>, key: Option<&str>) -> Origin;

    /// What is suspicious about a source that has values but none below [`ROOT`].
    fn without_root(&self, values: &Map<String, Value>) -> Option<Warning>;
}

/// Names and settles the values of a source.
pub(super) fn read(source: &dyn Named, values: &Map<String, Value>) -> Contents {
    let mut reader = Reader {
        source,
        named: Vec::new(),
        contents: Contents::default(),
    };
    reader.root(values);
    reader.contents.layer = Layer::settle(reader.named);
    reader.contents
}

struct Reader<'a> {
    source: &'a dyn Named,
    named: Vec<(Setting, Entry)>,
    contents: Contents,
}

impl Reader<'_> {
    fn origin(&self, value: &Value, key: Option<&str>) -> Origin {
        self.source.origin(value.origin(), key)
    }

    fn root(&mut self, values: &Map<String, Value>) {
        let mut found = false;
        for (name, value) in in_order(values) {
            match name.strip_prefix(ROOT) {
                Some("") => self.section(ROOT, value),
                Some(rest) if rest.starts_with('.') => self.flat(name, value),
                _ => continue,
            }
            found = true;
        }
        if !found {
            self.contents.warnings.extend(self.source.without_root(values));
        }
    }

    /// A key with dots, such as sources without sections have.
    fn flat(&mut self, key: &str, value: &Value) {
        let section = key.match_indices('.').nth(1).and_then(|(end, _)| key.get(..end));
        match section {
            Some(section) if SECTIONS.contains(&section) => {
                let path = key.rsplit_once('.').map_or(section, |(path, _)| path);
                self.entry(path, key.to_owned(), value);
            }
            Some(other) => self.unknown(ROOT, other, value),
            None => self.entry(ROOT, key.to_owned(), value),
        }
    }

    /// Walks a mapping whose keys begin with `path`.
    fn section(&mut self, path: &str, section: &Value) {
        match &section.kind {
            ValueKind::Nil => {}
            ValueKind::Table(entries) => {
                for (name, value) in in_order(entries) {
                    self.entry(path, format!("{path}.{name}"), value);
                }
            }
            _ => {
                let origin = self.origin(section, None);
                self.contents.problems.push(Problem::at(origin, not_a_mapping(path)));
            }
        }
    }

    fn entry(&mut self, path: &str, key: String, value: &Value) {
        if let Some(&setting) = Setting::ALL
            .iter()
            .find(|setting| setting.keys().contains(&key.as_str()))
        {
            let origin = self.origin(value, Some(&key));
            self.named
                .extend(raw(setting.shape(), value).map(|raw| (setting, Entry::new(raw, origin))));
        } else if let Some(unsupported) = Unsupported::with_key(&key) {
            if !is_blank(value) {
                let origin = self.origin(value, Some(&key));
                self.contents.unsupported.push((origin, unsupported));
            }
        } else if is_section(&key) {
            self.section(&key, value);
        } else {
            self.unknown(path, &key, value);
        }
    }

    fn unknown(&mut self, path: &str, key: &str, value: &Value) {
        let suggestion = if path == ROOT {
            match nearest(key, SECTIONS.into_iter()) {
                // Another tool's section.
                None => return,
                near => near,
            }
        } else {
            nearest(key, Setting::ALL.iter().flat_map(|setting| setting.keys()).copied())
        };
        let origin = self.origin(value, Some(key));
        self.contents
            .warnings
            .push(Warning::new(origin, "is not a setting").suggest(suggestion));
    }
}

/// What stands before the line at the end of an origin.
pub(super) const BEFORE_LINE: &str = " line ";

/// The line at the end of an origin.
pub(super) fn line(origin: &str) -> Option<usize> {
    origin.rsplit_once(BEFORE_LINE)?.1.parse().ok()
}

/// As they stand in the source if it counts lines, else by name: the `config` crate has no order.
fn in_order(entries: &Map<String, Value>) -> Vec<(&String, &Value)> {
    let mut entries: Vec<_> = entries.iter().collect();
    entries.sort_by_key(|(name, value)| (value.origin().and_then(line), name.as_str()));
    entries
}

pub(super) fn not_a_mapping(what: &str) -> Fault {
    Fault::new(
        format!("is wrong: {what} must be a mapping"),
        "write its keys below it, indented, each as `key: value`",
    )
}

pub(super) fn is_section(path: &str) -> bool {
    let is_above = |key: &str| key.strip_prefix(path).is_some_and(|rest| rest.starts_with('.'));
    Setting::ALL
        .iter()
        .flat_map(|setting| setting.keys().iter().copied())
        .chain(UNSUPPORTED.iter().map(|unsupported| unsupported.key))
        .any(is_above)
}

/// Null and blank values both mean "not set".
fn is_blank(value: &Value) -> bool {
    match &value.kind {
        ValueKind::Nil => true,
        ValueKind::String(text) => text.trim().is_empty(),
        _ => false,
    }
}

/// A setting's value, if it is set.
fn raw(shape: Shape, value: &Value) -> Option<Result<Raw, Fault>> {
    match &value.kind {
        _ if is_blank(value) => None,
        ValueKind::Table(entries) => Some(mapping(shape, entries).map(Raw::Text)),
        ValueKind::Array(items) if shape == Shape::List => {
            let items = items.iter().filter(|item| !matches!(item.kind, ValueKind::Nil));
            let items = items.map(|item| match &item.kind {
                ValueKind::String(text) => Some(text.clone()),
                _ => None,
            });
            Some(match items.collect::<Option<Vec<_>>>() {
                Some(items) => Ok(Raw::List(items)),
                None => Err(Fault::new("has an item that is not text", "write one text an item")),
            })
        }
        ValueKind::Array(_) => Some(Err(Fault::new("is a list", "write one value"))),
        ValueKind::String(text) => Some(Ok(Raw::Text(text.clone()))),
        // A number has lost its text: 007 and 1.10 would be sent as 7 and 1.1.
        other => Some(match (shape.is_text(), scalar(other)) {
            (false, Some(text)) => Ok(Raw::Text(text)),
            _ => Err(Fault::new("is not text", "write it in quotation marks")),
        }),
    }
}

fn mapping(shape: Shape, entries: &Map<String, Value>) -> Result<String, Fault> {
    let mut all = entries.iter();
    match (all.next(), all.next()) {
        // An unquoted `{yourOktaDomain}` is a mapping to YAML.
        (Some((name, only)), None) if matches!(only.kind, ValueKind::Nil) => Ok(format!("{{{name}}}")),
        _ if shape == Shape::PrivateKey => jwk(entries),
        _ => Err(Fault::new(
            "is a mapping",
            "write one value; put it in quotes if it has braces",
        )),
    }
}

/// A value that is neither a mapping nor a list, as text.
fn scalar(kind: &ValueKind) -> Option<String> {
    match kind {
        ValueKind::String(text) => Some(text.clone()),
        ValueKind::Boolean(value) => Some(value.to_string()),
        ValueKind::I64(value) => Some(value.to_string()),
        ValueKind::I128(value) => Some(value.to_string()),
        ValueKind::U64(value) => Some(value.to_string()),
        ValueKind::U128(value) => Some(value.to_string()),
        // As short as it can be: the plain form of 1e300 has 301 digits.
        ValueKind::Float(value) if value.abs() >= 1e15 => Some(format!("{value:e}")),
        ValueKind::Float(value) => Some(value.to_string()),
        ValueKind::Nil | ValueKind::Table(_) | ValueKind::Array(_) => None,
    }
}

/// A JWK written as a mapping, as JSON. Its members are texts or lists of texts (RFC 7517 §4).
fn jwk(entries: &Map<String, Value>) -> Result<String, Fault> {
    use serde_json::Value as Json;
    let mut members = serde_json::Map::new();
    for (name, member) in in_order(entries) {
        let value = match &member.kind {
            ValueKind::Nil => continue,
            ValueKind::Array(items) => items
                .iter()
                .map(|item| scalar(&item.kind).map(Json::String))
                .collect::<Option<Vec<_>>>()
                .map(Json::Array),
            other => scalar(other).map(Json::String),
        };
        match value {
            Some(value) => members.insert(name.clone(), value),
            None => {
                return Err(Fault::new(
                    format!("has the member {name}, which is not text"),
                    "copy the JWK as it is",
                ));
            }
        };
    }
    Ok(Json::Object(members).to_string())
}
