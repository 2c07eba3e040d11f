//! Where a value came from.

use std::borrow::Cow;
use std::fmt;
use std::path::PathBuf;

use crate::setting::Setting;

/// Where a value came from, named so that one can go there and change it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Origin {
    /// Nothing set it.
    Default,
    /// A YAML file.
    File {
        /// The file.
        path: PathBuf,
        /// The line, from 1, if it is about one.
        line: Option<usize>,
        /// The key as written there, if it is about one.
        key: Option<String>,
    },
    /// An environment variable.
    Environment {
        /// Its name as set.
        variable: String,
    },
    /// A source that the program added with `Loader::source`.
    Source {
        /// What its values say of their origin, or else the name of its type.
        name: String,
        /// The key as written there, if it is about one.
        key: Option<String>,
    },
    /// The program itself.
    Code {
        /// The call that set it.
        call: Cow<'static, str>,
    },
}

impl Origin {
    /// For a message that names the setting anyway: the key is left out if it is the setting's own.
    pub(crate) fn beside(&self, setting: Setting) -> Self {
        match self {
            Self::File {
                path,
                line,
                key: Some(key),
            } if key == setting.key() => Self::File {
                path: path.clone(),
                line: *line,
                key: None,
            },
            Self::Source { name, key: Some(key) } if key == setting.key() => Self::Source {
                name: name.clone(),
                key: None,
            },
            other => other.clone(),
        }
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => f.write_str("default"),
            Self::File { path, line, key } => {
                write!(f, "{}", path.display())?;
                if let Some(line) = line {
                    write!(f, " line {line}")?;
                }
                if let Some(key) = key {
                    write!(f, ", key {key}")?;
                }
                Ok(())
            }
            Self::Source { name, key } => {
                // The program's own text, in messages of one line.
                let plain = |text: &str| text.replace(char::is_control, " ");
                write!(f, "source {}", plain(name))?;
                match key {
                    Some(key) => write!(f, ", key {}", plain(key)),
                    None => Ok(()),
                }
            }
            Self::Environment { variable } => write!(f, "environment variable {variable}"),
            Self::Code { call } => write!(f, "code, {call}"),
        }
    }
}
