//! A source that the program adds.

use std::fmt;
use std::path::Path;

use config::{ConfigError, Map, Source, Value};

use crate::error::{Fault, Problem, Warning};
use crate::loader::contents::Contents;
use crate::loader::keyed::{self, Named, ROOT};
use crate::origin::Origin;
use crate::setting::Setting;

/// A source that the program adds.
#[derive(Clone)]
pub(super) struct UserSource {
    source: Box<dyn Source + Send + Sync>,
    /// The name of its type, for values that carry no origin.
    name: &'static str,
}

impl UserSource {
    pub(super) fn new<S: Source + Send + Sync + 'static>(source: S) -> Self {
        let path = std::any::type_name::<S>();
        let generic = path.find('<').unwrap_or(path.len());
        let plain = path.get(..generic).unwrap_or(path);
        Self {
            source: Box::new(source),
            name: plain.rsplit("::").next().unwrap_or(plain),
        }
    }

    pub(super) fn name(&self) -> &'static str {
        self.name
    }

    pub(super) fn read(&self) -> Contents {
        // Not by way of a builder, which takes keys apart: `a[4000000000]` is a list of so many items there.
        match self.source.collect() {
            Ok(values) => keyed::read(self, &values),
            Err(error) => Contents {
                problems: vec![self.unreadable(&error)],
                ..Contents::default()
            },
        }
    }

    fn unreadable(&self, error: &ConfigError) -> Problem {
        let (mut origin, mut key, mut error) = (None, None, error);
        while let ConfigError::At {
            error: inner,
            origin: of,
            key: at,
        } = error
        {
            origin = origin.or(of.as_deref());
            key = key.or(at.as_deref());
            error = inner;
        }
        let (message, remedy) = match error {
            ConfigError::Type {
                origin: of,
                expected,
                key: at,
                ..
            } => {
                origin = origin.or(of.as_deref());
                key = key.or(at.as_deref());
                // What it found instead may be a secret.
                (format!("has a value that is not {expected}"), "correct the value")
            }
            ConfigError::NotFound(missing) => {
                key = key.or(Some(missing));
                ("is missing".to_owned(), "set it, or add the source without it")
            }
            ConfigError::FileParse { uri, cause } => {
                origin = origin.or(uri.as_deref());
                (format!("cannot be read ({})", without_values(cause)), "correct it")
            }
            other => (
                format!("cannot be read ({})", without_values(other)),
                "correct it, or leave the source out",
            ),
        };
        Problem::at(self.origin(origin, key), Fault::new(message, remedy))
    }
}

/// The first line of an error, without what is in quotation marks: parsers quote what they read, below the first line too.
fn without_values(error: &dyn fmt::Display) -> String {
    const LONGEST: usize = 200;
    let text = error.to_string();
    let line = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let mut shown = String::new();
    let mut open = None;
    let mut before = ' ';
    for char in line.chars() {
        let is_mark = matches!(char, '"' | '`') || (char == '\'' && !(open.is_none() && before.is_alphanumeric()));
        match open {
            None if is_mark => {
                open = Some(char);
                shown.push('…');
            }
            None if char.is_control() => shown.push(' '),
            None => shown.push(char),
            Some(mark) if char == mark && before != '\\' => open = None,
            Some(_) => {}
        }
        before = char;
    }
    match shown.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", shown.get(..end).unwrap_or_default()),
        None => shown,
    }
}

impl Named for UserSource {
    fn origin(&self, origin: Option<&str>, key: Option<&str>) -> Origin {
        let name = origin.map(str::trim).filter(|origin| !origin.is_empty());
        Origin::Source {
            name: name.map_or_else(|| self.name.to_owned(), without_credentials),
            key: key.map(str::to_owned),
        }
    }

    /// A service's own file may have nothing for this client, but a key of this client at its root is in the wrong place.
    fn without_root(&self, values: &Map<String, Value>) -> Option<Warning> {
        let misplaced = Setting::ALL.iter().find_map(|setting| {
            let keys = setting
                .keys()
                .iter()
                .filter_map(|key| Some((*key, key.rsplit('.').next()?)));
            let mut of_client = keys.filter(|(key, last)| *key == format!("{ROOT}.client.{last}"));
            let (key, last) = of_client.find(|(_, last)| values.contains_key(*last))?;
            Some((key, last, values.get(last)?))
        });
        let (key, last, value) = misplaced?;
        let origin = self.origin(value.origin(), Some(last));
        Some(Warning::new(origin, "is not below okta.client, so it is not used").suggest(Some(key)))
    }
}

/// An origin that is an address, without the credentials and the query that it may have.
fn without_credentials(origin: &str) -> String {
    let Some((scheme, rest)) = origin.split_once("://") else {
        return origin.to_owned();
    };
    let plain = rest.split(['?', '#']).next().unwrap_or_default();
    // A password may hold a slash by mistake, so the last `@` counts wherever it is.
    match plain.rsplit_once('@') {
        Some((_, host)) => format!("{scheme}://…@{host}"),
        None => format!("{scheme}://{plain}"),
    }
}

/// Returns the directory of the file that an origin names, if it names one: `config::File` does.
pub(super) fn directory_of(origin: &str) -> Option<&Path> {
    let path = Path::new(origin);
    path.is_file().then(|| path.parent()).flatten()
}
