//! Files, environment and code, laid over one another.

mod assemble;
mod base;
mod code;
mod coerce;
mod effective;
mod environment;
mod key_source;
mod keyed;
mod layer;
mod loaded;
mod nearest;
mod precedence;
mod raw;
#[cfg(test)]
mod tests;
mod unsupported;
mod user_source;
mod value;
mod ways;
mod yaml;
mod yaml_file;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fmt;
use std::path::{Path, PathBuf};

use config::Source;

use crate::client_config::ClientConfig;
use crate::error::{ConfigError, Fault, Problem};
use crate::loader::assemble::Surroundings;
use crate::loader::base::Base;
use crate::loader::code::Code;
pub use crate::loader::effective::{EffectiveSetting, EffectiveSettings};
use crate::loader::environment::Variables;
use crate::loader::layer::Layer;
pub use crate::loader::loaded::LoadedConfig;
use crate::loader::user_source::UserSource;
pub use crate::loader::value::SettingValue;
use crate::loader::ways::{Ways, loader_call};
use crate::loader::yaml_file::YamlFile;
use crate::origin::Origin;
use crate::process;
use crate::setting::Setting;

/// Where one of the process's own things is taken from.
#[derive(Clone)]
enum Given<T> {
    /// From the process.
    Process,
    /// From the caller.
    This(T),
    Nothing,
}

/// Reads the settings of a client from everywhere they may stand.
///
/// From the lowest to the highest: defaults, `~/.okta/okta.yaml`, `./okta.yaml`, environment variables, values set in code.
/// A higher one overrides a lower one setting by setting. Only the value that wins is judged. Your own sources take their
/// place with [`Loader::source`] and [`Loader::source_below_files`].
///
/// ```
/// use okta_config::{Loader, Setting};
///
/// let loaded = Loader::new()
///     .without_files()
///     .environment([("OKTA_CLIENT_ORGURL", "https://acme.okta.com"), ("OKTA_CLIENT_TOKEN", "00abc")])
///     .set(Setting::RequestTimeout, 60)
///     .load()?;
/// assert_eq!(loaded.config.org_url.as_str(), "https://acme.okta.com");
/// println!("{}", loaded.settings);
/// # Ok::<(), okta_config::ConfigError>(())
/// ```
#[derive(Clone)]
#[must_use = "nothing is read before `load`"]
pub struct Loader {
    home: Given<PathBuf>,
    working_dir: Given<PathBuf>,
    environment: Given<Vec<(OsString, OsString)>>,
    below_files: Vec<UserSource>,
    above_environment: Vec<UserSource>,
    in_code: Vec<(Setting, SettingValue, Cow<'static, str>)>,
    calls: BTreeMap<Setting, Cow<'static, str>>,
    custom_authorization: bool,
    base: Option<Box<Base>>,
    known_scopes: &'static [&'static str],
}

impl Default for Loader {
    fn default() -> Self {
        Self::new()
    }
}

impl Loader {
    /// Everything: both files and the environment of the process. Nothing is read before [`Loader::load`].
    pub fn new() -> Self {
        Self {
            home: Given::Process,
            working_dir: Given::Process,
            environment: Given::Process,
            below_files: Vec::new(),
            above_environment: Vec::new(),
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
    /// let loaded = Loader::new()
    ///     .without_files()
    ///     .without_environment()
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

    /// Reads no `okta.yaml`; a private key may still be in a file.
    pub fn without_files(mut self) -> Self {
        self.home = Given::Nothing;
        self.working_dir = Given::Nothing;
        self
    }

    /// Takes `.okta/okta.yaml`, and paths that begin with `~/`, from this directory instead of the user's home.
    pub fn home_dir(mut self, path: impl Into<PathBuf>) -> Self {
        self.home = Given::This(path.into());
        self
    }

    /// Takes `okta.yaml`, and relative paths, from this directory instead of the working directory.
    pub fn working_dir(mut self, path: impl Into<PathBuf>) -> Self {
        self.working_dir = Given::This(path.into());
        self
    }

    /// Takes these variables instead of the environment of the process.
    pub fn environment<N, V>(mut self, variables: impl IntoIterator<Item = (N, V)>) -> Self
    where
        N: Into<OsString>,
        V: Into<OsString>,
    {
        let variables = variables.into_iter().map(|(name, value)| (name.into(), value.into()));
        self.environment = Given::This(variables.collect());
        self
    }

    /// Reads no environment variables.
    pub fn without_environment(mut self) -> Self {
        self.environment = Given::Nothing;
        self
    }

    /// Adds your own source above the files and the environment: its values override theirs, and values set in code override
    /// its. Of several sources the one added last counts most.
    ///
    /// Anything that implements [`config::Source`] is a source: the `config` crate's files (TOML, JSON and others, by its
    /// features), a `config::Config` made of your service's own settings, or a client of a vault. The keys are those of
    /// the YAML files, such as `okta.client.orgUrl`, nested or with dots; keys outside `okta` are not looked at.
    ///
    /// Values are named, checked and hidden as those of our own sources. Messages and [`LoadedConfig::settings`] name the
    /// origin of the `config::Value`, or the source's type if the value has none: [`Origin::Source`]. A value that is a number
    /// where text belongs, such as a token, is an error, because it has lost its zeros and signs. An error of the source is
    /// shown without what stands in quotation marks in it, and `Debug` of the source is never shown.
    ///
    /// The source is collected once, in [`Loader::load`], which blocks until it is done: load secrets from a network before.
    ///
    /// ```
    /// use okta_config::config::{self, Map, Source, Value};
    /// use okta_config::{Loader, Setting};
    ///
    /// #[derive(Clone, Debug)]
    /// struct Vault;
    ///
    /// impl Source for Vault {
    ///     fn clone_into_box(&self) -> Box<dyn Source + Send + Sync> {
    ///         Box::new(self.clone())
    ///     }
    ///
    ///     fn collect(&self) -> Result<Map<String, Value>, config::ConfigError> {
    ///         let origin = "vault secret/okta".to_owned();
    ///         Ok(Map::from([("okta.client.token".to_owned(), Value::new(Some(&origin), "00abc"))]))
    ///     }
    /// }
    ///
    /// let loaded = Loader::new()
    ///     .without_files()
    ///     .environment([("OKTA_CLIENT_ORGURL", "https://acme.okta.com"), ("OKTA_CLIENT_TOKEN", "00old")])
    ///     .source(Vault)
    ///     .load()?;
    /// assert_eq!(loaded.settings.origin(Setting::Token).unwrap().to_string(), "source vault secret/okta, key okta.client.token");
    /// # Ok::<(), okta_config::ConfigError>(())
    /// ```
    pub fn source(mut self, source: impl Source + Send + Sync + 'static) -> Self {
        self.above_environment.push(UserSource::new(source));
        self
    }

    /// Adds your own source below the files: it overrides the defaults and [`Loader::base`] only, and every file and variable
    /// overrides it. Of several sources the one added last counts most. For the rest see [`Loader::source`].
    pub fn source_below_files(mut self, source: impl Source + Send + Sync + 'static) -> Self {
        self.below_files.push(UserSource::new(source));
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
    /// let error = Loader::new()
    ///     .without_files()
    ///     .without_environment()
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
        let home = match &self.home {
            Given::Process | Given::Nothing => process::home_dir(),
            Given::This(home) => Some(home.clone()),
        };
        let working_dir = match &self.working_dir {
            Given::Process | Given::Nothing => PathBuf::from("."),
            Given::This(path) => path.clone(),
        };
        let files = self.files(home.as_deref(), &working_dir);
        let ways = Ways {
            // The nearest one first: it is the one that counts.
            files: files.iter().rev().map(|(_, name)| name.clone()).collect(),
            environment: !matches!(self.environment, Given::Nothing),
            sources: self
                .above_environment
                .iter()
                .chain(&self.below_files)
                .map(UserSource::name)
                .collect(),
            calls: self.calls,
        };

        let variables = Variables::new(match self.environment {
            Given::Process => process::environment(),
            Given::This(variables) => variables,
            Given::Nothing => Vec::new(),
        });
        let mut all = vec![
            Code::defaults().read(),
            self.base.as_deref().map(base::source).unwrap_or_default().read(),
        ];
        all.extend(self.below_files.iter().map(UserSource::read));
        all.extend(files.into_iter().map(|(path, _)| YamlFile { path }.read()));
        all.push(variables.read());
        all.extend(self.above_environment.iter().map(UserSource::read));
        all.push(in_code(self.in_code).read());

        let mut layers = Vec::new();
        let mut warnings = Vec::new();
        let mut problems = Vec::new();
        let mut unsupported = Vec::new();
        for contents in all {
            layers.push(contents.layer);
            warnings.extend(contents.warnings);
            unsupported.extend(contents.unsupported);
            problems.extend(contents.problems);
        }
        let surroundings = Surroundings {
            home,
            working_dir,
            ways,
            incomplete: !problems.is_empty(),
            custom_authorization: self.custom_authorization,
            base: self.base.map(|base| base.config),
            known_scopes: self.known_scopes,
        };
        let (refused, passed_over) = unsupported::judge(unsupported, self.custom_authorization);
        problems.extend(refused);
        warnings.extend(passed_over);
        let absent = problems.is_empty() && warnings.is_empty() && layers.iter().skip(1).all(Layer::is_empty);
        let values = precedence::winners(layers).map_err(|error| {
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

    /// The files that are read, from the lowest, each with the name one knows it by.
    fn files(&self, home: Option<&Path>, working_dir: &Path) -> Vec<(PathBuf, String)> {
        let given = |path: PathBuf| {
            let name = path.display().to_string();
            (path, name)
        };
        let home_file = home.map(|home| home.join(".okta").join("okta.yaml"));
        let home_file = match self.home {
            Given::Process => home_file.map(|path| (path, "~/.okta/okta.yaml".to_owned())),
            Given::This(_) => home_file.map(given),
            Given::Nothing => None,
        };
        let local_file = match self.working_dir {
            Given::Process | Given::This(_) => Some(given(working_dir.join("okta.yaml"))),
            Given::Nothing => None,
        };
        home_file.into_iter().chain(local_file).collect()
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
        let sources: Vec<_> = self
            .below_files
            .iter()
            .chain(&self.above_environment)
            .map(UserSource::name)
            .collect();
        f.debug_struct("Loader")
            .field("set_in_code", &settings)
            .field("sources", &sources)
            .finish_non_exhaustive()
    }
}
