//! Why a wait has ended.

use std::{error::Error as StdError, fmt, time::Duration};

use crate::error::{Error, write_chain};

/// Why a wait has ended without what was waited for.
#[derive(Debug)]
#[non_exhaustive]
pub enum WaitError {
    /// The answer was an error that does not pass.
    Failed(Error),
    /// The deadline has passed.
    #[non_exhaustive]
    Expired {
        /// How long it was waited.
        waited: Duration,
        /// How often it was asked.
        asked: u32,
        /// The last answer, if it was an error.
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
                write!(f, "not yet as wanted after {waited:?}, asked {asked} times")?;
                if f.alternate() {
                    write_chain(f, last_error.as_ref().map(|error| error as _))
                } else {
                    Ok(())
                }
            }
        }
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
