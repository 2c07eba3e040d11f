//! A YAML file as a source.

use std::fmt;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use config::{ConfigError, Map, Source, Value, ValueKind};

use crate::error::{Fault, Problem, Warning};
use crate::loader::contents::Contents;
use crate::loader::keyed::{self, BEFORE_LINE, Named, ROOT, is_section, line, not_a_mapping};
use crate::loader::yaml::{self, Located, Node};
use crate::origin::Origin;

/// A file that need not be there. The origin of each of its values ends with the line.
#[derive(Clone, Debug)]
pub(super) struct YamlFile {
    pub(super) path: PathBuf,
}

/// Deeper below a setting there is nothing that a setting can be: a JWK has lists of texts.
const DEEPEST_IN_A_SETTING: usize = 2;

impl YamlFile {
    pub(super) fn read(&self) -> Contents {
        match self.collect() {
            Ok(values) => keyed::read(self, &values),
            Err(ConfigError::Foreign(cause)) => Contents {
                problems: cause
                    .downcast()
                    .map(|file: Box<UnusableFile>| file.0)
                    .into_iter()
                    .collect(),
                ..Contents::default()
            },
            // `collect` fails in no other way.
            Err(_) => Contents::default(),
        }
    }

    fn at(&self, line: Option<usize>, key: Option<&str>) -> Origin {
        Origin::File {
            path: self.path.clone(),
            line,
            key: key.map(str::to_owned),
        }
    }

    fn values(&self, text: &str) -> Result<Map<String, Value>, Problem> {
        // Windows editors put a byte order mark in front.
        let root = match yaml::parse(text.trim_start_matches('\u{feff}')) {
            Ok(None) => return Ok(Map::new()),
            Ok(Some(root)) => root,
            Err(fault) => {
                let message = format!("column {} is not YAML: {}", fault.column, fault.message);
                let fault_at = self.at(Some(fault.line), None);
                return Err(Problem::at(fault_at, Fault::new(message, "fix the YAML")));
            }
        };
        match &*root.node {
            Node::Null => Ok(Map::new()),
            Node::Mapping(entries) => Ok(self.entries("", entries)),
            Node::Scalar(_) | Node::Sequence(_) => {
                Err(Problem::at(self.at(Some(root.line), None), not_a_mapping("the file")))
            }
        }
    }

    fn entries(&self, path: &str, entries: &[(String, Located)]) -> Map<String, Value> {
        let value = |(name, value): &(String, Located)| {
            let key = if path.is_empty() {
                name.clone()
            } else {
                format!("{path}.{name}")
            };
            (name.clone(), self.value(&key, value))
        };
        entries.iter().map(value).collect()
    }

    /// Follows the known sections only: aliases can make of a few lines more values than there is memory for.
    fn value(&self, key: &str, value: &Located) -> Value {
        match &*value.node {
            Node::Mapping(entries) if key == ROOT || is_section(key) => {
                self.located(value.line, ValueKind::Table(self.entries(key, entries)))
            }
            _ => self.plain(value, DEEPEST_IN_A_SETTING),
        }
    }

    /// A value as it stands, down to a depth at which mappings and lists are empty.
    fn plain(&self, value: &Located, depth: usize) -> Value {
        let below = depth.checked_sub(1);
        let kind = match &*value.node {
            Node::Null => ValueKind::Nil,
            Node::Scalar(text) => ValueKind::String(text.clone()),
            Node::Sequence(items) => {
                let items = items.iter().filter_map(|item| Some(self.plain(item, below?)));
                ValueKind::Array(items.collect())
            }
            Node::Mapping(entries) => {
                let entries = entries
                    .iter()
                    .filter_map(|(name, value)| Some((name.clone(), self.plain(value, below?))));
                ValueKind::Table(entries.collect())
            }
        };
        self.located(value.line, kind)
    }

    fn located(&self, line: usize, kind: ValueKind) -> Value {
        Value::new(Some(&format!("{}{BEFORE_LINE}{line}", self.path.display())), kind)
    }
}

impl Named for YamlFile {
    fn origin(&self, origin: Option<&str>, key: Option<&str>) -> Origin {
        self.at(origin.and_then(line), key)
    }

    fn without_root(&self, values: &Map<String, Value>) -> Option<Warning> {
        let message = "has no key okta at its root, so nothing in it is used";
        (!values.is_empty()).then(|| Warning::new(self.at(None, None), message))
    }
}

impl Source for YamlFile {
    fn clone_into_box(&self) -> Box<dyn Source + Send + Sync> {
        Box::new(self.clone())
    }

    fn collect(&self) -> Result<Map<String, Value>, ConfigError> {
        let values = match read_regular(&self.path) {
            Ok(text) => self.values(&text),
            Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => Ok(Map::new()),
            Err(error) => {
                let message = format!("cannot be read ({error})");
                let fault = Fault::new(message, "make it a readable text file, or remove it");
                Err(Problem::at(self.at(None, None), fault))
            }
        };
        values.map_err(|problem| ConfigError::Foreign(Box::new(UnusableFile(problem))))
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

/// A problem on its way through the `config` crate.
#[derive(Debug)]
struct UnusableFile(Problem);

impl fmt::Display for UnusableFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for UnusableFile {}
