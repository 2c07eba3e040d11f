//! What can go wrong while generating, each with the place it is wrong at and what to do.

use std::{borrow::Cow, io, path::PathBuf};

/// Why nothing was generated.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The document is not where it was looked for.
    #[error(
        "Okta's API document is not at {}: download `dist/current/management-minimal.yaml` (version {version}) from \
         github.com/okta/okta-management-openapi-spec and name it with --document",
        path.display()
    )]
    DocumentAbsent {
        /// Where it was looked for.
        path: PathBuf,
        /// The version wanted.
        version: String,
    },
    /// The document is another one than the one the tables were reviewed against.
    #[error(
        "{} is not the reviewed document: its SHA-256 is {found}, spec.toml says {expected} (version {version}). Review the \
         difference, then change `version` and `sha256` in spec.toml",
        path.display()
    )]
    OtherDocument {
        /// Which file.
        path: PathBuf,
        /// The hash in `spec.toml`.
        expected: String,
        /// The hash of the file.
        found: String,
        /// The version in `spec.toml`.
        version: String,
    },
    /// The document is not valid YAML.
    #[error("{} cannot be read as YAML", path.display())]
    Yaml {
        /// Which file.
        path: PathBuf,
        /// What the YAML reader says.
        source: Box<serde_saphyr::Error>,
    },
    /// A file cannot be read or written.
    #[error("{}: cannot {action} it", path.display())]
    File {
        /// Which file.
        path: PathBuf,
        /// What was tried.
        action: &'static str,
        /// What the system says.
        source: io::Error,
    },
    /// One of the reviewed tables is wrong.
    #[error("{table}: {problem}")]
    Table {
        /// The file.
        table: Cow<'static, str>,
        /// What is wrong in it.
        problem: String,
    },
    /// The document says something that the generator does not understand.
    #[error("{place}: {problem}")]
    Document {
        /// The schema or operation and the place in it.
        place: String,
        /// What is wrong there.
        problem: String,
    },
    /// A file that is written in part lacks the lines that enclose the part.
    #[error("{file}: the lines `begin {block}` and `end {block}` are missing; the generator writes between them")]
    Block {
        /// Which file.
        file: String,
        /// The part's name.
        block: &'static str,
    },
    /// rustfmt refuses the output.
    #[error("rustfmt refuses {file}: {problem}")]
    Format {
        /// The generated file.
        file: String,
        /// What rustfmt says.
        problem: String,
    },
    /// Several of the above, reported together.
    #[error("{} problems:\n{}", .0.len(), .0.iter().map(|error| format!("- {error}")).collect::<Vec<_>>().join("\n"))]
    Many(Vec<Error>),
}

/// The crate's result.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    pub(crate) fn document(place: impl Into<String>, problem: impl Into<String>) -> Self {
        Self::Document {
            place: place.into(),
            problem: problem.into(),
        }
    }

    pub(crate) fn table(table: impl Into<Cow<'static, str>>, problem: impl Into<String>) -> Self {
        Self::Table {
            table: table.into(),
            problem: problem.into(),
        }
    }

    /// One error of all those found, or nothing if there are none.
    pub(crate) fn all(errors: Vec<Self>) -> Result<()> {
        let mut errors: Vec<Self> = errors
            .into_iter()
            .flat_map(|error| match error {
                Self::Many(errors) => errors,
                one => vec![one],
            })
            .collect();
        match errors.len() {
            0 => Ok(()),
            1 => Err(errors.remove(0)),
            _ => Err(Self::Many(errors)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_problems_are_one_flat_list() {
        let problem = |place: &str| Error::document(place, "wrong");
        assert!(Error::all(Vec::new()).is_ok());
        assert_eq!(Error::all(vec![problem("a")]).unwrap_err().to_string(), "a: wrong");
        let nested = vec![problem("a"), Error::Many(vec![problem("b"), problem("c")])];
        assert_eq!(
            Error::all(nested).unwrap_err().to_string(),
            "3 problems:\n- a: wrong\n- b: wrong\n- c: wrong"
        );
    }
}
