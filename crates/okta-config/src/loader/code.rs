//! The program itself as a source: defaults, a configuration that it starts from, and values that it sets.

use std::collections::BTreeMap;
use std::fmt;

use config::{ConfigError, Map, Source, Value};

use crate::loader::layer::{Contents, Layer};
use crate::loader::raw::{Entry, Raw};
use crate::origin::Origin;
use crate::setting::Setting;

/// Values given in code, each with its call; of several for one setting the last one counts, as with calls of a builder.
#[derive(Clone, Default)]
pub(super) struct Code(BTreeMap<Setting, (Raw, Origin)>);

impl Code {
    pub(super) fn defaults() -> Self {
        let default = |&setting: &Setting| {
            let text = setting.default_value()?.to_owned();
            Some((setting, Raw::Text(text), Origin::Default))
        };
        Setting::ALL.iter().filter_map(default).collect()
    }

    pub(super) fn read(&self) -> Contents {
        let Ok(values) = self.collect() else {
            return Contents::default();
        };
        let entries = self.0.iter().filter_map(|(setting, (_, origin))| {
            let raw = Raw::from_kind(&values.get(setting.key())?.kind)?;
            Some((*setting, Entry::new(Ok(raw), origin.clone())))
        });
        Contents {
            layer: Layer {
                entries: entries.collect(),
            },
            ..Contents::default()
        }
    }
}

impl FromIterator<(Setting, Raw, Origin)> for Code {
    fn from_iter<I: IntoIterator<Item = (Setting, Raw, Origin)>>(values: I) -> Self {
        let values = values.into_iter();
        Self(values.map(|(setting, raw, origin)| (setting, (raw, origin))).collect())
    }
}

impl Source for Code {
    fn clone_into_box(&self) -> Box<dyn Source + Send + Sync> {
        Box::new(self.clone())
    }

    fn collect(&self) -> Result<Map<String, Value>, ConfigError> {
        let values = self.0.iter().map(|(setting, (raw, origin))| {
            let value = Value::new(Some(&origin.to_string()), raw.clone().into_kind());
            (setting.key().to_owned(), value)
        });
        Ok(values.collect())
    }
}

/// Names only: the values may be secret.
impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}
