//! Settings from a YAML file.

use std::io::ErrorKind;
use std::path::Path;

use crate::error::{Fault, Problem, Warning};
use crate::loader::layer::Layer;
use crate::loader::nearest::nearest;
use crate::loader::raw::{Entry, Raw};
use crate::loader::unsupported::{Found, UNSUPPORTED, Unsupported};
use crate::loader::yaml::{self, Located, Node};
use crate::origin::Origin;
use crate::setting::{Setting, Shape};

/// The root of every key, and the sections below it that are ours: other tools keep theirs next to them.
const ROOT: &str = "okta";
const SECTIONS: [&str; 2] = ["okta.client", "okta.testing"];

/// What a file turned out to hold.
#[derive(Default)]
pub(super) struct FileContents {
    pub(super) layer: Layer,
    pub(super) warnings: Vec<Warning>,
    pub(super) unsupported: Vec<Found>,
    /// Why (parts of) the file could not be read.
    pub(super) problems: Vec<Problem>,
}

/// Reads a file that need not be there.
pub(super) fn read(path: &Path) -> FileContents {
    let mut reader = Reader {
        path,
        named: Vec::new(),
        warnings: Vec::new(),
        unsupported: Vec::new(),
        problems: Vec::new(),
    };
    match read_regular(path) {
        Ok(text) => reader.text(&text),
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {}
        Err(error) => {
            let fault = Fault::new(
                format!("cannot be read ({error})"),
                "make it a readable text file, or remove it",
            );
            reader.problem(None, fault);
        }
    }
    FileContents {
        layer: Layer::settle(reader.named),
        warnings: reader.warnings,
        unsupported: reader.unsupported,
        problems: reader.problems,
    }
}

/// Asks first what it is: opening a named pipe would wait for a writer.
fn read_regular(path: &Path) -> std::io::Result<String> {
    let kind = std::fs::metadata(path)?.file_type();
    if kind.is_file() {
        std::fs::read_to_string(path)
    } else {
        let what = if kind.is_dir() {
            "it is a directory"
        } else {
            "it is a device, a pipe or a socket"
        };
        Err(std::io::Error::new(ErrorKind::InvalidInput, what))
    }
}

struct Reader<'a> {
    path: &'a Path,
    named: Vec<(Setting, Entry)>,
    warnings: Vec<Warning>,
    unsupported: Vec<Found>,
    problems: Vec<Problem>,
}

impl Reader<'_> {
    fn origin(&self, line: Option<usize>, key: Option<&str>) -> Origin {
        Origin::File {
            path: self.path.to_owned(),
            line,
            key: key.map(str::to_owned),
        }
    }

    fn problem(&mut self, line: Option<usize>, fault: Fault) {
        self.problems.push(Problem::at(self.origin(line, None), fault));
    }

    fn text(&mut self, text: &str) {
        // Windows editors put a byte order mark in front.
        let root = match yaml::parse(text.trim_start_matches('\u{feff}')) {
            Ok(None) => return,
            Ok(Some(root)) => root,
            Err(fault) => {
                let message = format!("column {} is not YAML: {}", fault.column, fault.message);
                return self.problem(Some(fault.line), Fault::new(message, "fix the YAML"));
            }
        };
        match &*root.node {
            Node::Null => {}
            Node::Mapping(entries) => match entries.iter().find(|(key, _)| key == ROOT) {
                Some((_, okta)) => self.section(ROOT, okta),
                None if entries.is_empty() => {}
                None => {
                    let message = "has no key okta at its root, so nothing in it is used";
                    self.warnings.push(Warning::new(self.origin(None, None), message));
                }
            },
            Node::Scalar(_) | Node::Sequence(_) => self.not_a_mapping("the file", root.line),
        }
    }

    fn not_a_mapping(&mut self, what: &str, line: usize) {
        let fault = Fault::new(
            format!("is wrong: {what} must be a mapping"),
            "write its keys below it, indented, each as `key: value`",
        );
        self.problem(Some(line), fault);
    }

    /// Walks a mapping whose keys begin with `path`.
    fn section(&mut self, path: &str, section: &Located) {
        let entries = match &*section.node {
            Node::Null => return,
            Node::Mapping(entries) => entries,
            Node::Scalar(_) | Node::Sequence(_) => return self.not_a_mapping(path, section.line),
        };
        for (name, value) in entries {
            let key = format!("{path}.{name}");
            if let Some(&setting) = Setting::ALL
                .iter()
                .find(|setting| setting.keys().contains(&key.as_str()))
            {
                let origin = self.origin(Some(value.line), Some(&key));
                self.named
                    .extend(raw(setting.shape(), value).map(|raw| (setting, Entry::new(raw, origin))));
            } else if let Some(unsupported) = Unsupported::with_key(&key) {
                if !is_blank(value) {
                    self.unsupported
                        .push((self.origin(Some(value.line), Some(&key)), unsupported));
                }
            } else if is_section(&key) {
                self.section(&key, value);
            } else {
                self.unknown(path, &key, value.line);
            }
        }
    }

    fn unknown(&mut self, path: &str, key: &str, line: usize) {
        let suggestion = if path == ROOT {
            match nearest(key, SECTIONS.into_iter()) {
                // Another tool's section.
                None => return,
                near => near,
            }
        } else {
            nearest(key, Setting::ALL.iter().flat_map(|setting| setting.keys()).copied())
        };
        self.warnings
            .push(Warning::new(self.origin(Some(line), Some(key)), "is not a setting").suggest(suggestion));
    }
}

fn is_section(path: &str) -> bool {
    let is_above = |key: &str| key.strip_prefix(path).is_some_and(|rest| rest.starts_with('.'));
    Setting::ALL
        .iter()
        .flat_map(|setting| setting.keys().iter().copied())
        .chain(UNSUPPORTED.iter().map(|unsupported| unsupported.key))
        .any(is_above)
}

/// Null and blank values both mean "not set".
fn is_blank(value: &Located) -> bool {
    match &*value.node {
        Node::Null => true,
        Node::Scalar(text) => text.trim().is_empty(),
        Node::Sequence(_) | Node::Mapping(_) => false,
    }
}

/// A setting's value, if it is set.
fn raw(shape: Shape, value: &Located) -> Option<Result<Raw, Fault>> {
    match &*value.node {
        Node::Null => None,
        Node::Scalar(_) if is_blank(value) => None,
        Node::Scalar(text) => Some(Ok(Raw::Text(text.clone()))),
        // An unquoted `{yourOktaDomain}` is a mapping to YAML.
        Node::Mapping(entries) => match entries.as_slice() {
            [(name, only)] if matches!(&*only.node, Node::Null) => Some(Ok(Raw::Text(format!("{{{name}}}")))),
            entries if shape == Shape::PrivateKey => Some(jwk(entries).map(Raw::Text)),
            _ => Some(Err(Fault::new(
                "is a mapping",
                "write one value; put it in quotes if it has braces",
            ))),
        },
        Node::Sequence(items) if shape == Shape::List => {
            let items = items
                .iter()
                .filter(|item| !matches!(&*item.node, Node::Null))
                .map(|item| match &*item.node {
                    Node::Scalar(text) => Some(text.clone()),
                    _ => None,
                });
            Some(match items.collect::<Option<Vec<_>>>() {
                Some(items) => Ok(Raw::List(items)),
                None => Err(Fault::new("has an item that is not text", "write one text an item")),
            })
        }
        Node::Sequence(_) => Some(Err(Fault::new("is a list", "write one value"))),
    }
}

/// A JWK written as a mapping, as JSON. Its members are texts or lists of texts (RFC 7517 §4).
fn jwk(entries: &[(String, Located)]) -> Result<String, Fault> {
    use serde_json::Value;
    let text = |member: &Located| match &*member.node {
        Node::Scalar(text) => Some(Value::String(text.clone())),
        _ => None,
    };
    let mut members = serde_json::Map::new();
    for (name, member) in entries {
        let value = match &*member.node {
            Node::Null => continue,
            Node::Sequence(items) => items.iter().map(text).collect::<Option<Vec<_>>>().map(Value::Array),
            Node::Scalar(_) | Node::Mapping(_) => text(member),
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
    Ok(Value::Object(members).to_string())
}
