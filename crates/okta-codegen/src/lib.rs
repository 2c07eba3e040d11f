#![doc = include_str!("../README.md")]

mod document;
mod error;
mod ir;
mod operation;
mod passes;
mod schema;
mod tables;
#[cfg(test)]
mod testing;
mod words;

use std::path::{Path, PathBuf};

pub use error::{Error, Result};

/// The root of the workspace that this program was built in.
#[must_use]
pub fn workspace_root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Reads the document and runs all passes over it.
fn intermediate(path: &Path, tables: &tables::Tables) -> Result<ir::Ir> {
    let mut document = document::read(path, &tables.spec)?;
    document::apply(&mut document, &tables.patches)?;
    passes::run(&document, tables)
}

/// tmp
pub fn tmp(path: &Path) -> Result<String> {
    let tables = tables::Tables::load()?;
    let ir = intermediate(path, &tables)?;
    Ok(format!("{} types, {} ops", ir.types.len(), ir.operations.len()))
}
