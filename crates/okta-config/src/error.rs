//! What is wrong with a configuration: all of it at once, each problem with its place and its remedy.

use std::fmt;

use crate::origin::Origin;
use crate::setting::Setting;

/// A configuration that cannot be used.
///
/// It lists every problem found, not the first: `Display` is meant to be shown to the person who writes the
/// configuration, and `Debug` is the same text, for it is what a `main` shows that returns the error. No secret is ever
/// part of it.
#[derive(Clone, PartialEq, Eq)]
pub struct ConfigError {
    problems: Vec<Problem>,
    warnings: Vec<Warning>,
    absent: bool,
}

impl ConfigError {
    pub(crate) fn new(problems: Vec<Problem>) -> Self {
        Self {
            problems,
            warnings: Vec::new(),
            absent: false,
        }
    }

    pub(crate) fn noticed(mut self, warnings: Vec<Warning>) -> Self {
        self.warnings = warnings;
        self
    }

    pub(crate) fn absent(mut self, absent: bool) -> Self {
        self.absent = absent;
        self
    }

    /// Every problem, in the order of [`Setting::ALL`] after those of whole files.
    #[must_use]
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }

    /// What was noticed besides, such as a misspelt variable that may be the cause.
    #[must_use]
    pub fn warnings(&self) -> &[Warning] {
        &self.warnings
    }

    /// Returns true if nothing was configured at all: no `okta.yaml` says anything, no `OKTA_CLIENT_…` or `OKTA_TESTING_…`
    /// variable is set and the program set nothing.
    ///
    /// A program that can do without an org, as a demonstration can with an emulator, asks this first: a configuration
    /// that exists but is broken should be fixed, not ignored.
    #[must_use]
    pub fn is_absent(&self) -> bool {
        self.absent
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.absent, self.problems.len()) {
            (true, _) => f.write_str("there is no Okta configuration:")?,
            (false, 1) => f.write_str("the Okta configuration has a problem:")?,
            (false, count) => write!(f, "the Okta configuration has {count} problems:")?,
        }
        for problem in &self.problems {
            write!(f, "\n  - {problem}")?;
        }
        if !self.warnings.is_empty() {
            f.write_str("\nalso noticed:")?;
        }
        for warning in &self.warnings {
            write!(f, "\n  - {warning}")?;
        }
        Ok(())
    }
}

impl fmt::Debug for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for ConfigError {}

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    setting: Option<Setting>,
    origin: Option<Origin>,
    message: String,
    remedy: String,
}

impl Problem {
    pub(crate) fn of(setting: Setting, origin: Option<Origin>, fault: Fault) -> Self {
        Self {
            setting: Some(setting),
            origin,
            message: fault.message,
            remedy: fault.remedy,
        }
    }

    pub(crate) fn at(origin: Origin, fault: Fault) -> Self {
        Self {
            setting: None,
            origin: Some(origin),
            message: fault.message,
            remedy: fault.remedy,
        }
    }

    /// The setting it is about; `None` where a whole file is at fault, or a name that is not a setting.
    #[must_use]
    pub fn setting(&self) -> Option<Setting> {
        self.setting
    }

    /// Where the bad value stands; `None` where a value is missing.
    #[must_use]
    pub fn origin(&self) -> Option<&Origin> {
        self.origin.as_ref()
    }

    /// What is wrong, said of the setting or the file: "is missing".
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }

    /// What to do.
    #[must_use]
    pub fn remedy(&self) -> &str {
        &self.remedy
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.setting, &self.origin) {
            (Some(setting), Some(origin)) => write!(f, "{setting} ({}) {}", origin.beside(setting), self.message)?,
            (Some(setting), None) => write!(f, "{setting} {}", self.message)?,
            (None, Some(origin)) => write!(f, "{origin} {}", self.message)?,
            (None, None) => f.write_str(&self.message)?,
        }
        write!(f, ": {}", self.remedy)
    }
}

/// Something that does no harm but is likely a slip, such as a misspelt key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning {
    origin: Origin,
    message: String,
    suggestion: Option<&'static str>,
}

impl Warning {
    pub(crate) fn new(origin: Origin, message: impl Into<String>) -> Self {
        Self {
            origin,
            message: message.into(),
            suggestion: None,
        }
    }

    pub(crate) fn suggest(mut self, suggestion: Option<&'static str>) -> Self {
        self.suggestion = suggestion;
        self
    }
}

impl Warning {
    /// Where it was noticed.
    #[must_use]
    pub fn origin(&self) -> &Origin {
        &self.origin
    }

    /// What was noticed.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }

    /// The known name nearest to an unknown one, where one is near.
    #[must_use]
    pub fn suggestion(&self) -> Option<&'static str> {
        self.suggestion
    }
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.origin, self.message)?;
        match self.suggestion {
            Some(suggestion) => write!(f, "; did you mean {suggestion}?"),
            None => Ok(()),
        }
    }
}

/// What is wrong with a value and what to do, before it is known where the value stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    pub(crate) message: String,
    pub(crate) remedy: String,
}

impl Fault {
    pub(crate) fn new(message: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            remedy: remedy.into(),
        }
    }
}
