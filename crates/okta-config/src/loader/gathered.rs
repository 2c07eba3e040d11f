//! What was read beside the program itself.

use std::path::PathBuf;

use crate::error::{Problem, Warning};
use crate::loader::layer::Layer;

/// The values of all sources but the program, from the lowest, and what was found on the way.
#[derive(Default)]
pub(super) struct Gathered {
    pub(super) home: Option<PathBuf>,
    pub(super) working_dir: PathBuf,
    /// The files that were looked for, the nearest one first.
    pub(super) files: Vec<String>,
    /// Variables were looked for.
    pub(super) environment: bool,
    /// The names of the program's sources.
    pub(super) sources: Vec<&'static str>,
    pub(super) layers: Vec<Layer>,
    pub(super) warnings: Vec<Warning>,
    pub(super) problems: Vec<Problem>,
    /// A source could not be read, so a value that seems missing may be there.
    pub(super) incomplete: bool,
}

#[cfg(not(feature = "loader"))]
impl Gathered {
    /// Nothing, with the places where paths of key files start.
    pub(super) fn of_code() -> Self {
        Self {
            home: crate::process::home_dir(),
            working_dir: PathBuf::from("."),
            ..Self::default()
        }
    }
}
