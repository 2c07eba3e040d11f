//! The folder beside the repository with the material that is not ours to commit.

use std::path::PathBuf;

/// The path of a file of the shared folder, if the folder is here.
///
/// Where it is not, the test says so and is skipped; where `OKTA_SHARED_REQUIRED=1` says that it must be here, as in
/// continuous integration, that is a failure.
///
/// # Panics
/// Where the file is missing although it is required.
#[allow(
    clippy::disallowed_methods,
    clippy::panic,
    reason = "a switch for tests, not a setting of the SDK"
)]
#[must_use]
pub fn file(name: &str) -> Option<PathBuf> {
    let path = [env!("CARGO_MANIFEST_DIR"), "..", "..", "shared", name]
        .iter()
        .collect::<PathBuf>();
    if path.exists() {
        return Some(path);
    }
    let required = std::env::var_os("OKTA_SHARED_REQUIRED").is_some_and(|value| value == "1");
    assert!(!required, "OKTA_SHARED_REQUIRED=1, but there is no {}", path.display());
    println!("SKIPPED: there is no {}", path.display());
    None
}
