//! The value of `okta.client.logging.logLevel`.

use std::fmt;
use std::str::FromStr;

/// The least important level that is logged.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum LogLevel {
    /// What failed.
    Error,
    /// What went wrong and was overcome.
    Warn,
    /// One line a call.
    #[default]
    Info,
    /// Each attempt.
    Debug,
    /// All there is.
    Trace,
}

impl LogLevel {
    /// The name to write in a configuration.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Error => "ERROR",
            Self::Warn => "WARN",
            Self::Info => "INFO",
            Self::Debug => "DEBUG",
            Self::Trace => "TRACE",
        }
    }
}

impl fmt::Display for LogLevel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A text that names no log level.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a log level; write ERROR, WARN, INFO, DEBUG or TRACE")]
pub struct UnknownLogLevel;

impl FromStr for LogLevel {
    type Err = UnknownLogLevel;

    /// Reads a level, whatever its case; Python's names and numbers are known too, since its SDK took those.
    fn from_str(text: &str) -> Result<Self, UnknownLogLevel> {
        match text.trim().to_ascii_uppercase().as_str() {
            "ERROR" | "CRITICAL" | "FATAL" | "40" | "50" => Ok(Self::Error),
            "WARN" | "WARNING" | "30" => Ok(Self::Warn),
            "INFO" | "20" => Ok(Self::Info),
            "DEBUG" | "10" => Ok(Self::Debug),
            "TRACE" => Ok(Self::Trace),
            _ => Err(UnknownLogLevel),
        }
    }
}
