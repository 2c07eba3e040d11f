//! Files, the environment and the sources that a program adds, in their order.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use config::Source;

use crate::loader::Loader;
use crate::loader::environment::Variables;
use crate::loader::gathered::Gathered;
use crate::loader::unsupported;
use crate::loader::user_source::UserSource;
use crate::loader::yaml_file::YamlFile;
use crate::process;

/// Where one of the process's own things is taken from.
#[derive(Clone)]
enum Given<T> {
    /// From the process.
    Process,
    /// From the caller.
    This(T),
    Nothing,
}

/// Everything that is not in the program itself.
#[derive(Clone)]
pub(super) struct Sources {
    home: Given<PathBuf>,
    working_dir: Given<PathBuf>,
    environment: Given<Vec<(OsString, OsString)>>,
    below_files: Vec<UserSource>,
    above_environment: Vec<UserSource>,
}

impl Sources {
    /// Both files and the environment of the process.
    pub(super) fn of_the_process() -> Self {
        Self {
            home: Given::Process,
            working_dir: Given::Process,
            environment: Given::Process,
            below_files: Vec::new(),
            above_environment: Vec::new(),
        }
    }

    pub(super) fn none() -> Self {
        Self {
            home: Given::Nothing,
            working_dir: Given::Nothing,
            environment: Given::Nothing,
            ..Self::of_the_process()
        }
    }

    /// The names of the sources that the program adds.
    pub(super) fn names(&self) -> Vec<&'static str> {
        let added = self.above_environment.iter().chain(&self.below_files);
        added.map(UserSource::name).collect()
    }

    /// Reads all of them.
    pub(super) fn read(self, custom_authorization: bool) -> Gathered {
        let home = match &self.home {
            Given::Process | Given::Nothing => process::home_dir(),
            Given::This(home) => Some(home.clone()),
        };
        let working_dir = match &self.working_dir {
            Given::Process | Given::Nothing => PathBuf::from("."),
            Given::This(path) => path.clone(),
        };
        let files = self.files(home.as_deref(), &working_dir);
        let mut gathered = Gathered {
            home,
            working_dir,
            // The nearest one first: it is the one that counts.
            files: files.iter().rev().map(|(_, name)| name.clone()).collect(),
            environment: !matches!(self.environment, Given::Nothing),
            sources: self.names(),
            ..Gathered::default()
        };
        let variables = Variables::new(match self.environment {
            Given::Process => process::environment(),
            Given::This(variables) => variables,
            Given::Nothing => Vec::new(),
        });
        let mut all: Vec<_> = self.below_files.iter().map(UserSource::read).collect();
        all.extend(files.into_iter().map(|(path, _)| YamlFile { path }.read()));
        all.push(variables.read());
        all.extend(self.above_environment.iter().map(UserSource::read));

        let mut unsupported = Vec::new();
        for contents in all {
            gathered.layers.push(contents.layer);
            gathered.warnings.extend(contents.warnings);
            gathered.problems.extend(contents.problems);
            unsupported.extend(contents.unsupported);
        }
        gathered.incomplete = !gathered.problems.is_empty();
        let (refused, passed_over) = unsupported::judge(unsupported, custom_authorization);
        gathered.problems.extend(refused);
        gathered.warnings.extend(passed_over);
        gathered
    }

    /// The files that are read, from the lowest, each with the name one knows it by.
    pub(super) fn files(&self, home: Option<&Path>, working_dir: &Path) -> Vec<(PathBuf, String)> {
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

impl Default for Loader {
    fn default() -> Self {
        Self::new()
    }
}

/// What is read beside the program itself.
impl Loader {
    /// Everything: both files and the environment of the process. Nothing is read before [`Loader::load`].
    pub fn new() -> Self {
        Self {
            sources: Sources::of_the_process(),
            ..Self::in_code()
        }
    }

    /// Reads no `okta.yaml`; a private key may still be in a file.
    pub fn without_files(mut self) -> Self {
        self.sources.home = Given::Nothing;
        self.sources.working_dir = Given::Nothing;
        self
    }

    /// Takes `.okta/okta.yaml`, and paths that begin with `~/`, from this directory instead of the user's home.
    pub fn home_dir(mut self, path: impl Into<PathBuf>) -> Self {
        self.sources.home = Given::This(path.into());
        self
    }

    /// Takes `okta.yaml`, and relative paths, from this directory instead of the working directory.
    pub fn working_dir(mut self, path: impl Into<PathBuf>) -> Self {
        self.sources.working_dir = Given::This(path.into());
        self
    }

    /// Takes these variables instead of the environment of the process.
    pub fn environment<N, V>(mut self, variables: impl IntoIterator<Item = (N, V)>) -> Self
    where
        N: Into<OsString>,
        V: Into<OsString>,
    {
        let variables = variables.into_iter().map(|(name, value)| (name.into(), value.into()));
        self.sources.environment = Given::This(variables.collect());
        self
    }

    /// Reads no environment variables.
    pub fn without_environment(mut self) -> Self {
        self.sources.environment = Given::Nothing;
        self
    }

    /// Adds your own source above the files and the environment: its values override theirs, and values set in code override
    /// its. Of several sources the one added last counts most.
    ///
    /// Anything that implements [`config::Source`] is a source: the `config` crate's files (TOML, JSON and others, by its
    /// features), a `config::Config` made of your service's own settings, or a client of a vault. The keys are those of
    /// the YAML files, such as `okta.client.orgUrl`, nested or with dots; keys outside `okta` are not looked at.
    ///
    /// Values are named, checked and hidden as those of our own sources. Messages and [`LoadedConfig::settings`](crate::LoadedConfig::settings) name the
    /// origin of the `config::Value`, or the source's type if the value has none: [`Origin::Source`](crate::Origin::Source). A value that is a number
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
        self.sources.above_environment.push(UserSource::new(source));
        self
    }

    /// Adds your own source below the files: it overrides the defaults and [`Loader::base`] only, and every file and variable
    /// overrides it. Of several sources the one added last counts most. For the rest see [`Loader::source`].
    pub fn source_below_files(mut self, source: impl Source + Send + Sync + 'static) -> Self {
        self.sources.below_files.push(UserSource::new(source));
        self
    }
}
