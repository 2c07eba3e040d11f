//! The program itself as a source: defaults, a configuration that it starts from, and values that it sets.

use std::collections::BTreeMap;
#[cfg(feature = "loader")]
use std::fmt;

#[cfg(feature = "loader")]
use config::{ConfigError, Map, Source, Value};

use crate::loader::layer::Layer;
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

    pub(super) fn read(&self) -> Layer {
        #[cfg(feature = "loader")]
        let values = self.collect().unwrap_or_default();
        #[cfg(feature = "loader")]
        let value = |setting: Setting, _: &Raw| Raw::from_kind(&values.get(setting.key())?.kind);
        #[cfg(not(feature = "loader"))]
        let value = |_: Setting, raw: &Raw| Some(raw.clone());
        let entries = self.0.iter().filter_map(|(&setting, (raw, origin))| {
            let raw = value(setting, raw)?;
            Some((setting, Entry::new(Ok(raw), origin.clone())))
        });
        Layer {
            entries: entries.collect(),
        }
    }
}

impl FromIterator<(Setting, Raw, Origin)> for Code {
    fn from_iter<I: IntoIterator<Item = (Setting, Raw, Origin)>>(values: I) -> Self {
        let values = values.into_iter();
        Self(values.map(|(setting, raw, origin)| (setting, (raw, origin))).collect())
    }
}

#[cfg(feature = "loader")]
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
#[cfg(feature = "loader")]
impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}
