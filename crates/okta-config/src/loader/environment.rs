//! Environment variables as a source.

use std::ffi::OsString;
use std::fmt;

use config::{ConfigError, Map, Source, Value, ValueKind};

use crate::error::{Fault, Warning};
use crate::loader::contents::Contents;
use crate::loader::layer::Layer;
use crate::loader::nearest::nearest;
use crate::loader::raw::{Entry, Raw};
use crate::loader::unsupported::Unsupported;
use crate::origin::Origin;
use crate::setting::Setting;

/// Variables with these beginnings are ours; an unknown one among them is likely misspelt.
const PREFIXES: [&str; 2] = ["OKTA_CLIENT_", "OKTA_TESTING_"];

/// The variables whose names are Unicode, each under its own name.
#[derive(Clone)]
pub(super) struct Variables(Vec<(String, OsString)>);

impl Variables {
    pub(super) fn new(variables: Vec<(OsString, OsString)>) -> Self {
        let ours = |(name, value): (OsString, OsString)| Some((name.into_string().ok()?, value));
        Self(variables.into_iter().filter_map(ours).collect())
    }

    /// Reads the variables that are settings. Blank ones count as not set, as a shell or a container often leaves them.
    pub(super) fn read(&self) -> Contents {
        let mut named = Vec::new();
        let mut contents = Contents::default();
        let mut variables: Vec<_> = self.collect().unwrap_or_default().into_iter().collect();
        // The order of an environment is not defined; messages should not depend on it.
        variables.sort_by(|(one, _), (other, _)| one.cmp(other));
        for (name, value) in variables {
            // Windows ignores the case of variables.
            let upper = name.to_ascii_uppercase();
            let origin = Origin::Environment { variable: name };
            let values = values(value.kind);
            if let Some(found) = Unsupported::with_variable(&upper) {
                contents.unsupported.extend(values.first().map(|_| (origin, found)));
                continue;
            }
            let position = |setting: &Setting| setting.variables().iter().position(|known| *known == upper);
            match Setting::ALL
                .iter()
                .find_map(|setting| Some((*setting, position(setting)?)))
            {
                Some(place) => {
                    let entry = |raw| (place, Entry::new(raw, origin.clone()));
                    named.extend(values.into_iter().map(entry));
                }
                None if PREFIXES.iter().any(|prefix| upper.starts_with(prefix)) => {
                    let known = Setting::ALL.iter().flat_map(|setting| setting.variables()).copied();
                    let warning = Warning::new(origin, "is not a setting").suggest(nearest(&upper, known));
                    contents.warnings.push(warning);
                }
                None => {}
            }
        }
        named.sort_by_key(|(place, _)| *place);
        contents.layer = Layer::settle(
            named
                .into_iter()
                .map(|((setting, _), entry)| (setting, entry))
                .collect(),
        );
        contents
    }
}

impl Source for Variables {
    fn clone_into_box(&self) -> Box<dyn Source + Send + Sync> {
        Box::new(self.clone())
    }

    /// A value that is not valid Unicode is nil; a variable that is there twice is the list of its values.
    fn collect(&self) -> Result<Map<String, Value>, ConfigError> {
        let mut values: Map<String, Value> = Map::new();
        for (name, value) in &self.0 {
            let origin = format!("environment variable {name}");
            let new = Value::new(Some(&origin), value.to_str());
            match values.remove(name) {
                None => values.insert(name.clone(), new),
                Some(known) => {
                    let mut all = match known.kind {
                        ValueKind::Array(all) => all,
                        _ => vec![known],
                    };
                    all.push(new);
                    values.insert(name.clone(), Value::new(Some(&origin), all))
                }
            };
        }
        Ok(values)
    }
}

/// Names only: the values may be secret.
impl fmt::Debug for Variables {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.iter().map(|(name, _)| name)).finish()
    }
}

/// What a variable is set to; nothing if it is blank.
fn values(kind: ValueKind) -> Vec<Result<Raw, Fault>> {
    match kind {
        ValueKind::String(text) if text.trim().is_empty() => Vec::new(),
        ValueKind::String(text) => vec![Ok(Raw::Text(text))],
        ValueKind::Array(all) => all.into_iter().flat_map(|value| values(value.kind)).collect(),
        _ => vec![Err(Fault::new("is not valid Unicode", "set it again"))],
    }
}
