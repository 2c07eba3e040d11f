//! A home and a working directory of our own, so that no test sees the real ones.

use std::path::PathBuf;

use okta_config::{ConfigError, Loader, Setting};
use tempfile::TempDir;

pub(crate) const NO_VARIABLES: [(&str, &str); 0] = [];

pub(crate) struct Sandbox {
    root: TempDir,
}

impl Sandbox {
    pub(crate) fn new() -> Self {
        let sandbox = Self {
            root: TempDir::new().unwrap(),
        };
        std::fs::create_dir_all(sandbox.home().join(".okta")).unwrap();
        std::fs::create_dir_all(sandbox.working_dir()).unwrap();
        sandbox
    }

    pub(crate) fn home(&self) -> PathBuf {
        self.root.path().join("home")
    }

    pub(crate) fn working_dir(&self) -> PathBuf {
        self.root.path().join("project")
    }

    pub(crate) fn home_file(&self) -> PathBuf {
        self.home().join(".okta").join("okta.yaml")
    }

    pub(crate) fn local_file(&self) -> PathBuf {
        self.working_dir().join("okta.yaml")
    }

    pub(crate) fn with_home_file(self, text: &str) -> Self {
        std::fs::write(self.home_file(), text).unwrap();
        self
    }

    pub(crate) fn with_local_file(self, text: &str) -> Self {
        std::fs::write(self.local_file(), text).unwrap();
        self
    }

    /// A loader that sees this sandbox and no variables.
    pub(crate) fn loader(&self) -> Loader {
        Loader::new()
            .home_dir(self.home())
            .working_dir(self.working_dir())
            .environment(NO_VARIABLES)
    }
}

/// A loader that sees nothing at all.
pub(crate) fn bare() -> Loader {
    Loader::new().without_files().without_environment()
}

/// A loader with an org and a token, and nothing else.
pub(crate) fn minimal() -> Loader {
    bare()
        .set(Setting::OrgUrl, "https://acme.okta.com")
        .set(Setting::Token, "00abc")
}

/// The one problem of a loader that must have exactly one.
#[track_caller]
pub(crate) fn only_problem(loader: Loader) -> okta_config::Problem {
    let error = loader.load().expect_err("there is a problem");
    match error.problems() {
        [problem] => problem.clone(),
        _ => panic!("more than one problem: {error}"),
    }
}

#[track_caller]
pub(crate) fn error(loader: Loader) -> ConfigError {
    loader.load().expect_err("there is a problem")
}

/// `okta.client.x.y` and a value as a YAML file; the value is written as it is.
pub(crate) fn yaml(key: &str, value: &str) -> String {
    let parts: Vec<&str> = key.split('.').collect();
    let mut text = String::new();
    for (depth, part) in parts.iter().enumerate() {
        text.push_str(&"  ".repeat(depth));
        text.push_str(part);
        text.push_str(if depth + 1 == parts.len() { ": " } else { ":\n" });
    }
    text + value + "\n"
}

/// A text in YAML's double quotes.
pub(crate) fn quoted(value: &str) -> String {
    serde_json::Value::from(value).to_string()
}
