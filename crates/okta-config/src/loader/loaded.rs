//! What loading comes to.

use std::collections::BTreeMap;
use std::fmt;

use crate::client_config::ClientConfig;
use crate::error::Warning;
use crate::loader::layer::{Entry, Raw};
use crate::origin::Origin;
use crate::setting::Setting;

/// A checked configuration and how it came about. `Debug` shows no secret.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Loaded {
    /// The settings, typed.
    pub config: ClientConfig,
    /// Every setting with the place its value came from, fit to be shown.
    pub settings: EffectiveSettings,
    /// What is likely a slip, such as a misspelt key. Each was also given to `tracing` at the level `WARN`.
    pub warnings: Vec<Warning>,
}

/// Every setting, set or not, in the order of [`Setting::ALL`]; `Display` is a table.
#[derive(Clone, Debug)]
pub struct EffectiveSettings(Vec<EffectiveSetting>);

impl EffectiveSettings {
    pub(super) fn new(values: &BTreeMap<Setting, Entry>) -> Self {
        Self(
            Setting::ALL
                .iter()
                .map(|&setting| EffectiveSetting::new(setting, values.get(&setting)))
                .collect(),
        )
    }

    /// All of them.
    pub fn iter(&self) -> std::slice::Iter<'_, EffectiveSetting> {
        self.0.iter()
    }

    /// Where a setting's value came from; `None` if it has none.
    #[must_use]
    pub fn origin(&self, setting: Setting) -> Option<&Origin> {
        self.iter()
            .find(|effective| effective.setting == setting)?
            .origin
            .as_ref()
    }
}

impl<'a> IntoIterator for &'a EffectiveSettings {
    type Item = &'a EffectiveSetting;
    type IntoIter = std::slice::Iter<'a, EffectiveSetting>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl fmt::Display for EffectiveSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let widest = |text: fn(&EffectiveSetting) -> &str| self.iter().map(|line| text(line).chars().count()).max();
        let keys = widest(|line| line.setting.key()).unwrap_or_default();
        let values = widest(EffectiveSetting::shown).unwrap_or_default();
        for (index, line) in self.iter().enumerate() {
            if index > 0 {
                f.write_str("\n")?;
            }
            write!(f, "{:keys$}  ", line.setting.key())?;
            match &line.origin {
                Some(origin) => write!(f, "{:values$}  {}", line.shown(), origin.beside(line.setting))?,
                None => f.write_str(line.shown())?,
            }
        }
        Ok(())
    }
}

/// One setting, its value and where that came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EffectiveSetting {
    setting: Setting,
    value: Option<String>,
    origin: Option<Origin>,
}

impl EffectiveSetting {
    fn new(setting: Setting, entry: Option<&Entry>) -> Self {
        let value = entry.and_then(|entry| entry.raw.as_ref().ok()).map(|raw| match raw {
            _ if setting.is_secret() => "(hidden)".to_owned(),
            Raw::Text(text) => text.trim().to_owned(),
            Raw::List(items) => items.join(", "),
        });
        Self {
            setting,
            value,
            origin: entry.map(|entry| entry.origin.clone()),
        }
    }

    /// Which setting.
    #[must_use]
    pub fn setting(&self) -> Setting {
        self.setting
    }

    /// Its value as it was written, `(hidden)` for a secret, `None` if nothing set it.
    #[must_use]
    pub fn value(&self) -> Option<&str> {
        self.value.as_deref()
    }

    /// Where the value came from, `None` if nothing set it.
    #[must_use]
    pub fn origin(&self) -> Option<&Origin> {
        self.origin.as_ref()
    }

    fn shown(&self) -> &str {
        self.value.as_deref().unwrap_or("(not set)")
    }
}
