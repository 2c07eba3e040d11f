//! `examples/GROUP.rs`: the example on the page of each group of operations, compiled and run as a test of okta-client.
//!
//! A file is the part that a reader sees: statements in an `async fn` that has the client `okta`, the prelude of okta-client and a
//! fresh org with three users. Like the texts of `docs/`, the files are read from the source tree each time.

use std::{fs, io, path::Path};

use indexmap::IndexMap;

use crate::error::{Error, Result};

/// Reads the examples of all groups in `folder`, by group.
pub(crate) fn read(folder: &Path) -> Result<IndexMap<String, String>> {
    let fail = |action| {
        move |source: io::Error| Error::File {
            path: folder.to_owned(),
            action,
            source,
        }
    };
    let mut examples = IndexMap::new();
    for entry in fs::read_dir(folder).map_err(fail("list"))? {
        let path = entry.map_err(fail("list"))?.path();
        if path.extension().is_none_or(|extension| extension != "rs") {
            continue;
        }
        let group = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let text = fs::read_to_string(&path).map_err(|source| Error::File {
            path: path.clone(),
            action: "read",
            source,
        })?;
        examples.insert(group, text);
    }
    examples.sort_keys();
    Ok(examples)
}
