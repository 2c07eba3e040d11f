//! Files, environment and code, laid over one another.

mod assemble;
mod base;
mod code;
mod coerce;
#[cfg(feature = "loader")]
mod contents;
mod effective;
#[cfg(feature = "loader")]
mod environment;
mod gathered;
mod key_source;
#[cfg(feature = "loader")]
mod keyed;
mod layer;
mod loaded;
mod nearest;
#[cfg(feature = "loader")]
mod precedence;
#[cfg(not(feature = "loader"))]
mod precedence_in_code;
mod raw;
#[cfg(feature = "loader")]
mod sources;
#[cfg(feature = "loader")]
#[cfg(test)]
mod tests;
#[cfg(feature = "loader")]
mod unsupported;
#[cfg(feature = "loader")]
mod user_source;
mod value;
mod ways;
#[cfg(feature = "loader")]
mod yaml;
#[cfg(feature = "loader")]
mod yaml_file;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use crate::client_config::ClientConfig;
use crate::error::{ConfigError, Fault, Problem};
use crate::loader::assemble::Surroundings;
use crate::loader::base::Base;
use crate::loader::code::Code;
pub use crate::loader::effective::{EffectiveSetting, EffectiveSettings};
#[cfg(not(feature = "loader"))]
use crate::loader::gathered::Gathered;
use crate::loader::layer::Layer;
pub use crate::loader::loaded::LoadedConfig;
#[cfg(feature = "loader")]
use crate::loader::precedence::winners;
#[cfg(not(feature = "loader"))]
use crate::loader::precedence_in_code::winners;
#[cfg(feature = "loader")]
use crate::loader::sources::Sources;
pub use crate::loader::value::SettingValue;
use crate::loader::ways::{Ways, loader_call};
use crate::origin::Origin;
use crate::setting::Setting;

/// Reads the settings of a client from everywhere they may stand.
///
/// From the lowest to the highest: defaults, `~/.okta/okta.yaml`, `./okta.yaml`, environment variables, values set in code.
/// A higher one overrides a lower one setting by setting. Only the value that wins is judged. Your own sources take their
/// place with `Loader::source` and `Loader::source_below_files`.
///
/// Without the feature `loader` there are only defaults and code.
///
/// ```
/// # #[cfg(feature = "loader")] {
/// use okta_config::{Loader, Setting};
///
/// let loaded = Loader::new()
///     .without_files()
///     .environment([("OKTA_CLIENT_ORGURL", "https://acme.okta.com"), ("OKTA_CLIENT_TOKEN", "00abc")])
///     .set(Setting::RequestTimeout, 60)
///     .load()?;
/// assert_eq!(loaded.config.org_url.as_str(), "https://acme.okta.com");
/// println!("{}", loaded.settings);
/// # }
/// # Ok::<(), okta_config::ConfigError>(())
/// ```
#[derive(Clone)]
#[must_use = "nothing is read before `load`"]
pub struct Loader {
    #[cfg(feature = "loader")]
    sources: Sources,
    in_code: Vec<(Setting, SettingValue, Cow<'static, str>)>,
    calls: BTreeMap<Setting, Cow<'static, str>>,
    custom_authorization: bool,
    base: Option<Box<Base>>,
    known_scopes: &'static [&'static str],
}

impl Loader {
    /// Code alone: [`base`](Self::base) and [`set`](Self::set). Neither files nor the environment are read; a private key may
    /// still be in a file.
    ///
    /// ```
    /// use okta_config::{Loader, Setting};
    ///
    /// let loader = Loader::in_code().set(Setting::OrgUrl, "https://acme.okta.com").set(Setting::Token, "00abc");
    /// assert_eq!(loader.load()?.config.org_url.as_str(), "https://acme.okta.com");
    /// # Ok::<(), okta_config::ConfigError>(())
    /// ```
    pub fn in_code() -> Self {
        Self {
            #[cfg(feature = "loader")]
            sources: Sources::none(),
            in_code: Vec::new(),
            calls: BTreeMap::new(),
            custom_authorization: false,
            base: None,
            known_scopes: &[],
        }
    }

    /// Starts from these settings instead of the defaults: every other source overrides them, setting by setting. `call` is
    /// where they come from in messages and in [`LoadedConfig::settings`].
    ///
    /// ```
    /// use okta_config::{Authorization, ClientConfig, Loader, OrgUrl, Setting};
    ///
    /// let config = ClientConfig::new(OrgUrl::parse("https://acme.okta.com")?, Authorization::ssws("00abc"));
    /// let loaded = Loader::in_code()
    ///     .base(config, "read_settings()")
    ///     .set(Setting::UserAgent, "badge-sync/1.4")
    ///     .load()?;
    /// assert_eq!(loaded.config.user_agent.as_deref(), Some("badge-sync/1.4"));
    /// assert_eq!(loaded.settings.origin(Setting::OrgUrl).unwrap().to_string(), "code, read_settings()");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn base(mut self, config: ClientConfig, call: impl Into<Cow<'static, str>>) -> Self {
        self.base = Some(Box::new(Base {
            config,
            call: call.into(),
        }));
        self
    }

    /// Warns of every scope that is not one of these, with the nearest one that is. Without it any scope is accepted
    /// silently: this crate knows no list of Okta's scopes, a client on top of it does.
    pub fn known_scopes(mut self, scopes: &'static [&'static str]) -> Self {
        self.known_scopes = scopes;
        self
    }

    /// Leaves it to the program to authorize its requests: no token or key is needed, and those that are set are not
    /// looked at. The outcome is [`Authorization::Custom`](crate::Authorization::Custom).
    pub fn custom_authorization(mut self) -> Self {
        self.custom_authorization = true;
        self
    }

    /// Sets a value in code, above all other sources; of several for one setting the last one counts.
    pub fn set(self, setting: Setting, value: impl Into<SettingValue>) -> Self {
        self.set_with_source(loader_call(setting), setting, value)
    }

    /// Sets a value in code and says by which call, for the messages: a builder on top of this crate names its own method.
    pub fn set_with_source(
        mut self,
        call: impl Into<Cow<'static, str>>,
        setting: Setting,
        value: impl Into<SettingValue>,
    ) -> Self {
        self.in_code.push((setting, value.into(), call.into()));
        self
    }

    /// Names the call that sets a setting in code, for the message if it is missing: a builder on top of this crate
    /// names its own method. Of the files and the environment, messages name only what this loader reads.
    ///
    /// ```
    /// use okta_config::{Loader, Setting};
    ///
    /// let error = Loader::in_code()
    ///     .hint_for(Setting::OrgUrl, "AcmeBuilder::org_url")
    ///     .load()
    ///     .unwrap_err();
    /// assert_eq!(error.problems()[0].remedy(), "set it in code with AcmeBuilder::org_url");
    /// ```
    pub fn hint_for(mut self, setting: Setting, call: impl Into<Cow<'static, str>>) -> Self {
        self.calls.insert(setting, call.into());
        self
    }

    /// Reads all sources and checks what comes out.
    ///
    /// Files that are absent or empty are fine. What is suspicious but harmless is listed in [`LoadedConfig::warnings`] and logged
    /// with `tracing`.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] lists every problem: values missing, wrong or contradictory, files that cannot be read or are not
    /// YAML, credentials that other Okta SDKs read and this one does not. It never holds a secret. [`ConfigError::is_absent`] says
    /// whether there was any configuration at all.
    pub fn load(self) -> Result<LoadedConfig, ConfigError> {
        #[cfg(feature = "loader")]
        let gathered = self.sources.read(self.custom_authorization);
        #[cfg(not(feature = "loader"))]
        let gathered = Gathered::of_code();
        let (mut problems, mut warnings) = (gathered.problems, gathered.warnings);
        let mut layers = vec![
            Code::defaults().read(),
            self.base.as_deref().map(base::source).unwrap_or_default().read(),
        ];
        layers.extend(gathered.layers);
        layers.push(in_code(self.in_code).read());
        let surroundings = Surroundings {
            home: gathered.home,
            working_dir: gathered.working_dir,
            ways: Ways {
                files: gathered.files,
                environment: gathered.environment,
                sources: gathered.sources,
                calls: self.calls,
            },
            incomplete: gathered.incomplete,
            custom_authorization: self.custom_authorization,
            base: self.base.map(|base| base.config),
            known_scopes: self.known_scopes,
        };
        let absent = problems.is_empty() && warnings.is_empty() && layers.iter().skip(1).all(Layer::is_empty);
        let values = winners(layers).map_err(|error| {
            let fault = Fault::new(error.to_string(), "report this to the makers of okta-config");
            ConfigError::new(vec![Problem::at(Origin::Default, fault)])
        })?;
        let (config, wrong_values, noticed) = assemble::assemble(&values, &surroundings);
        problems.extend(wrong_values);
        warnings.extend(noticed);
        match config {
            Some(config) if problems.is_empty() => {
                for warning in &warnings {
                    tracing::warn!("{warning}");
                }
                Ok(LoadedConfig {
                    settings: EffectiveSettings::new(&config, &values, &warnings),
                    config,
                    warnings,
                })
            }
            _ => Err(ConfigError::new(problems).noticed(warnings).absent(absent)),
        }
    }
}

fn in_code(values: Vec<(Setting, SettingValue, Cow<'static, str>)>) -> Code {
    let values = values.into_iter();
    values
        .map(|(setting, value, call)| (setting, value.into_raw(setting), Origin::Code { call }))
        .collect()
}

/// Names only: the values may be secret.
impl fmt::Debug for Loader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let settings: Vec<_> = self.in_code.iter().map(|(setting, ..)| setting).collect();
        let mut shown = f.debug_struct("Loader");
        shown.field("set_in_code", &settings);
        #[cfg(feature = "loader")]
        shown.field("sources", &self.sources.names());
        shown.finish_non_exhaustive()
    }
}
