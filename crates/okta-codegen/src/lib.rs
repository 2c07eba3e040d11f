#![doc = include_str!("../README.md")]

mod document;
mod emit;
mod error;
mod ir;
mod operation;
mod output;
mod passes;
mod schema;
mod tables;
#[cfg(test)]
mod testing;
mod words;

use std::path::{Path, PathBuf};

pub use error::{Error, Result};

/// The generator, set to a document and a workspace.
#[derive(Clone, Debug)]
pub struct Generator {
    root: PathBuf,
    document: Option<PathBuf>,
}

/// What a check found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Check {
    /// The tree is what the generator makes.
    UpToDate,
    /// It is not; here is how it differs.
    Differs(String),
}

impl Generator {
    /// A generator for the workspace at `root`, reading `document`; without one, the file in the folder `shared` next to the
    /// workspace.
    #[must_use]
    pub fn new(root: PathBuf, document: Option<PathBuf>) -> Self {
        Self { root, document }
    }

    /// Writes the output, and says which files changed.
    ///
    /// # Errors
    /// [`Error`], which names the place in the document or in a table.
    pub fn generate(&self) -> Result<Vec<String>> {
        output::write(&self.files()?, &self.root)
    }

    /// Compares the tree with what would be written.
    ///
    /// # Errors
    /// [`Error`], which names the place in the document or in a table.
    pub fn check(&self) -> Result<Check> {
        let diff = output::diff(&self.files()?, &self.root)?;
        Ok(if diff.is_empty() {
            Check::UpToDate
        } else {
            Check::Differs(diff)
        })
    }

    fn files(&self) -> Result<Vec<emit::File>> {
        let tables = tables::Tables::load()?;
        let document = self
            .document
            .clone()
            .unwrap_or_else(|| shared_document(&self.root, &tables));
        let document = corrected(&document, &tables)?;
        let ir = passes::run(&document, &tables)?;
        let mut files = emit::emit(&ir, &tables)?;
        files.extend(emit::emulator_tables(&document)?);
        files.extend(output::fill(emit::feature_blocks(&ir), &self.root)?);
        output::format(files, &self.root)
    }
}

/// The root of the workspace that this program was built in.
#[must_use]
pub fn workspace_root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The default path of the document.
fn shared_document(root: &Path, tables: &tables::Tables) -> PathBuf {
    root.join(format!("../shared/openapi/management-{}.yaml", tables.spec.version))
}

/// Reads the document and corrects its known faults.
fn corrected(path: &Path, tables: &tables::Tables) -> Result<document::Node> {
    let mut document = document::read(path, &tables.spec)?;
    document::apply(&mut document, &tables.patches)?;
    Ok(document)
}
