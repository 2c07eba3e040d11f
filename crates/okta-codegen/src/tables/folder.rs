//! Tables that are a folder of files, read from the source tree each time, so that a file is added without changing the program.

use std::{fs, io, path::Path};

use crate::error::{Error, Result};

/// Reads the files in `folder` with this extension: the name of each without it, and the text, sorted by name.
pub(super) fn read(folder: &Path, extension: &str) -> Result<Vec<(String, String)>> {
    let fail = |action| {
        move |source: io::Error| Error::File {
            path: folder.to_owned(),
            action,
            source,
        }
    };
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).map_err(fail("list"))? {
        let path = entry.map_err(fail("list"))?.path();
        if path.extension().is_none_or(|found| found != extension) {
            continue;
        }
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let text = fs::read_to_string(&path).map_err(|source| Error::File {
            path: path.clone(),
            action: "read",
            source,
        })?;
        files.push((name, text));
    }
    files.sort();
    Ok(files)
}
