//! Why a client cannot be built.

use std::{error::Error, fmt};

use okta_auth::AuthError;
use okta_config::ConfigError;

use crate::error::write_chain;

/// Why a client cannot be built. `{:?}` is the readable text with its causes: it is what a program
/// shows that returns the error from `main`.
#[derive(thiserror::Error)]
#[non_exhaustive]
pub enum BuildError {
    /// The settings are wrong or missing.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The credentials cannot be used.
    #[error(transparent)]
    Auth(#[from] AuthError),
    /// The stack cannot be put together.
    #[error(transparent)]
    Transport(okta_transport::BuildError),
    /// Two calls of the builder contradict each other.
    #[error("{one} and {other} contradict each other: only one of them can count, leave the other one out")]
    Contradiction {
        /// The one.
        one: &'static str,
        /// The other.
        other: &'static str,
    },
}

impl From<okta_transport::BuildError> for BuildError {
    fn from(error: okta_transport::BuildError) -> Self {
        match error {
            okta_transport::BuildError::Authenticator(error) => Self::Auth(error),
            error => Self::Transport(error),
        }
    }
}

impl fmt::Debug for BuildError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")?;
        write_chain(f, self.source())
    }
}

impl BuildError {
    /// Whether nothing was configured at all: no file, no variable, nothing in code.
    ///
    /// A program that can run without an org asks this; a configuration that is present but broken should be fixed.
    #[must_use]
    pub fn is_unconfigured(&self) -> bool {
        matches!(self, Self::Config(error) if error.is_absent())
    }
}
