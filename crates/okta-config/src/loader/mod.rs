//! Files, environment and code, laid over one another.

mod assemble;
mod coerce;
mod environment;
mod file;
mod key_source;
mod layer;
mod loaded;
mod nearest;
mod process;
#[cfg(test)]
mod tests;
mod value;
mod yaml;

use std::borrow::Cow;
use std::ffi::OsString;
use std::fmt;
use std::path::PathBuf;

use crate::error::{ConfigError, Fault, Problem};
use crate::loader::assemble::Surroundings;
use crate::loader::layer::{Entry, Layer, Raw};
pub use crate::loader::loaded::{EffectiveSetting, EffectiveSettings, Loaded};
pub use crate::loader::value::SettingValue;
use crate::origin::Origin;
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
/// A higher one overrides a lower one setting by setting. Only the value that wins is judged.
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
    in_code: Vec<(Setting, SettingValue, Cow<'static, str>)>,
    own_authorization: bool,
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
            in_code: Vec::new(),
            own_authorization: false,
        }
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

    /// Leaves it to the program to authorize its requests: no token or key is needed, and those that are set are not
    /// looked at. The outcome is [`Authorization::Own`](crate::Authorization::Own).
    pub fn own_authorization(mut self) -> Self {
        self.own_authorization = true;
        self
    }

    /// Sets a value in code, above all other sources; of several for one setting the last one counts.
    pub fn set(self, setting: Setting, value: impl Into<SettingValue>) -> Self {
        let call = format!("Loader::set(Setting::{setting:?}, …)");
        self.set_by(call, setting, value)
    }

    /// Sets a value in code and says by which call, for the messages: a builder on top of this crate names its own method.
    pub fn set_by(
        mut self,
        call: impl Into<Cow<'static, str>>,
        setting: Setting,
        value: impl Into<SettingValue>,
    ) -> Self {
        self.in_code.push((setting, value.into(), call.into()));
        self
    }

    /// Reads all sources and checks what comes out.
    ///
    /// Files that are absent or empty are fine. What is odd but harmless is listed in [`Loaded::warnings`] and given to
    /// `tracing`.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] lists every problem: values missing, wrong or contradictory, files that cannot be read or are no
    /// YAML. It never holds a secret. [`ConfigError::is_absent`] tells whether there was any configuration at all.
    pub fn load(self) -> Result<Loaded, ConfigError> {
        let (read_home_file, home) = match self.home {
            Given::Process => (true, process::home_dir()),
            Given::This(home) => (true, Some(home)),
            Given::Nothing => (false, process::home_dir()),
        };
        let (read_local_file, working_dir) = match self.working_dir {
            Given::Process => (true, PathBuf::from(".")),
            Given::This(path) => (true, path),
            Given::Nothing => (false, PathBuf::from(".")),
        };
        let home_file = home
            .as_ref()
            .filter(|_| read_home_file)
            .map(|home| home.join(".okta").join("okta.yaml"));
        let local_file = Some(working_dir.join("okta.yaml")).filter(|_| read_local_file);

        let mut layers = vec![defaults()];
        let mut warnings = Vec::new();
        let mut problems = Vec::new();
        for path in [home_file, local_file].into_iter().flatten() {
            let contents = file::read(&path);
            layers.push(contents.layer);
            warnings.extend(contents.warnings);
            problems.extend(contents.problems);
        }
        let (layer, noticed) = environment::read(match self.environment {
            Given::Process => process::environment(),
            Given::This(variables) => variables,
            Given::Nothing => Vec::new(),
        });
        layers.push(layer);
        warnings.extend(noticed);
        layers.push(in_code(self.in_code));

        let absent = problems.is_empty() && warnings.is_empty() && layers.iter().skip(1).all(Layer::is_empty);
        let surroundings = Surroundings {
            home,
            working_dir,
            incomplete: !problems.is_empty(),
            own_authorization: self.own_authorization,
        };
        let values = layer::merge(&layers).map_err(|error| {
            let fault = Fault::new(error.to_string(), "report this to the makers of okta-config");
            ConfigError::new(vec![Problem::of_file(Origin::Default, fault)])
        })?;
        let (config, wrong_values, noticed) = assemble::assemble(&values, &surroundings);
        problems.extend(wrong_values);
        warnings.extend(noticed);
        match config {
            Some(config) if problems.is_empty() => {
                for warning in &warnings {
                    tracing::warn!("{warning}");
                }
                Ok(Loaded {
                    config,
                    settings: EffectiveSettings::new(&values),
                    warnings,
                })
            }
            _ => Err(ConfigError::new(problems).noticed(warnings).absent(absent)),
        }
    }
}

fn defaults() -> Layer {
    let named = Setting::ALL.iter().filter_map(|&setting| {
        let raw = Ok(Raw::Text(setting.default_value()?.to_owned()));
        Some((
            setting,
            Entry {
                raw,
                origin: Origin::Default,
            },
        ))
    });
    Layer::last_wins(named.collect())
}

fn in_code(values: Vec<(Setting, SettingValue, Cow<'static, str>)>) -> Layer {
    let named = values.into_iter().map(|(setting, value, call)| {
        (
            setting,
            Entry {
                raw: Ok(value.into_raw(setting)),
                origin: Origin::Code { call },
            },
        )
    });
    Layer::last_wins(named.collect())
}

/// Names only: the values may be secret.
impl fmt::Debug for Loader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let settings: Vec<_> = self.in_code.iter().map(|(setting, ..)| setting).collect();
        f.debug_struct("Loader")
            .field("set_in_code", &settings)
            .finish_non_exhaustive()
    }
}
