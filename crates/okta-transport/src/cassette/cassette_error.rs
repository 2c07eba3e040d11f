use std::{fmt, io, path::PathBuf};

/// A cassette could not be written or read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CassetteError {
    /// The file could not be read.
    #[error("cannot read the cassette {}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },

    /// The file could not be written. One that was there before is as it was.
    #[error("cannot write the cassette {}", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },

    /// The file is not a cassette, or it was written by another version of this crate.
    #[error("cannot replay {}: {problem}", path.display())]
    Format {
        /// The file.
        path: PathBuf,
        /// What is wrong with it, and where.
        problem: String,
    },
}

/// A request came to a [`Replay`](crate::cassette::Replay) that has no response for it.
///
/// The text names the request and the recorded one that comes nearest, with what differs. Secrets in it are hidden as
/// they are in the cassette.
#[derive(Debug)]
pub struct ReplayError {
    pub(super) request: String,
    pub(super) cassette: PathBuf,
    pub(super) nearest: Option<String>,
}

impl fmt::Display for ReplayError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            request,
            cassette,
            nearest,
        } = self;
        write!(f, "no recorded response for {request} in {}, ", cassette.display())?;
        match nearest {
            Some(nearest) => write!(f, "nearest: {nearest}"),
            None => f.write_str("in which nothing is recorded"),
        }
    }
}

impl std::error::Error for ReplayError {}
