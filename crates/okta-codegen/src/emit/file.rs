//! Files of the output, and the folders they belong to.

/// One file of the output, its path from the workspace root.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct File {
    pub(crate) path: String,
    pub(crate) text: String,
}

/// The folders that belong to the output: a file in one of them that is not part of it is stale.
pub(crate) const FOLDERS: &[&str] = &[MODELS, CLIENT, GUIDE, EMULATOR, TESTS, SNAPSHOT];

pub(super) const MODELS: &str = "crates/okta-models/src/generated";
pub(super) const CLIENT: &str = "crates/okta-client/src/api";
pub(super) const GUIDE: &str = "crates/okta-client/src/guide/generated";
pub(super) const EMULATOR: &str = "crates/okta-emulator/src/generated";
pub(super) const TESTS: &str = "tests/src/generated";
pub(super) const SNAPSHOT: &str = "crates/okta-codegen/snapshot";

/// No file is longer, so that it can be opened and reviewed.
pub(super) const MOST_LINES: usize = 3_000;
