//! Cassettes on disk: one JSON document, indented so that people can read it and `diff` can compare it.

use std::{
    fs,
    io::{self, Write},
    path::Path,
};

use serde::{Deserialize, Serialize};
use tempfile::NamedTempFile;

use super::{cassette_error::CassetteError, exchange::Exchange};

/// Identifies the file and the version of its format.
const FORMAT: &str = "okta-cassette/1";

#[derive(Serialize)]
struct Written<'a> {
    format: &'static str,
    exchanges: &'a [&'a Exchange],
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Read {
    format: String,
    exchanges: Vec<Exchange>,
}

/// Writes a temporary file first and renames it, so that a reader never sees half a cassette.
pub(super) fn write(path: &Path, exchanges: &[&Exchange]) -> Result<(), CassetteError> {
    let cassette = Written {
        format: FORMAT,
        exchanges,
    };
    let write = || -> io::Result<()> {
        let mut text = serde_json::to_vec_pretty(&cassette)?;
        text.push(b'\n');
        let mut file = NamedTempFile::new_in(directory(path))?;
        file.write_all(&text)?;
        file.as_file().sync_all()?;
        file.persist(path)?;
        Ok(())
    };
    write().map_err(|source| CassetteError::Write {
        path: path.to_owned(),
        source,
    })
}

/// Finds out early what would make [`write`] fail late.
pub(super) fn check(path: &Path) -> Result<(), CassetteError> {
    let refuse = |kind: io::ErrorKind, text: &str| CassetteError::Write {
        path: path.to_owned(),
        source: io::Error::new(kind, text),
    };
    if path.file_name().is_none() || path.is_dir() {
        return Err(refuse(io::ErrorKind::IsADirectory, "it is a directory: name a file"));
    }
    if !directory(path).is_dir() {
        return Err(refuse(
            io::ErrorKind::NotFound,
            "its directory does not exist: make it first",
        ));
    }
    Ok(())
}

pub(super) fn read(path: &Path) -> Result<Vec<Exchange>, CassetteError> {
    let text = fs::read(path).map_err(|source| CassetteError::Read {
        path: path.to_owned(),
        source,
    })?;
    let problem = match serde_json::from_slice::<Read>(&text) {
        Ok(Read { format, exchanges }) if format == FORMAT => return Ok(exchanges),
        Ok(Read { format, .. }) => format!("its format is {format:?}, and this version reads {FORMAT:?}"),
        Err(error) => error.to_string(),
    };
    Err(CassetteError::Format {
        path: path.to_owned(),
        problem,
    })
}

fn directory(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if parent != Path::new("") => parent,
        _ => Path::new("."),
    }
}
