//! Why a wait has ended.

use std::{error::Error as StdError, fmt, time::Duration};

use crate::error::{Error, write_chain};

/// Why a wait has ended without the wanted result.
#[non_exhaustive]
pub enum WaitError {
    /// A request failed with an error that a retry does not fix.
    Failed(Error),
    /// The deadline has passed.
    #[non_exhaustive]
    Expired {
        /// How long the wait took.
        waited: Duration,
        /// How many requests were sent.
        asked: u32,
        /// The error of the last request, if it failed.
        last_error: Option<Error>,
    },
}

impl fmt::Display for WaitError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Failed(error) => error.fmt(f),
            Self::Expired {
                waited,
                asked,
                last_error,
            } => {
                write!(f, "condition not met after {waited:?} ({asked} requests)")?;
                if f.alternate() {
                    write_chain(f, last_error.as_ref().map(|error| error as _))
                } else {
                    Ok(())
                }
            }
        }
    }
}

impl fmt::Debug for WaitError {
    /// The text with its causes: a `main` that returns the error shows it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self:#}")
    }
}

impl StdError for WaitError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match self {
            // It is shown as that error itself.
            Self::Failed(error) => error.source(),
            Self::Expired { last_error, .. } => last_error.as_ref().map(|error| error as _),
        }
    }
}
