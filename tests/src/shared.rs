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
    // Straight to the handle: what `println!` says in a test that passes is not shown.
    let skipped = format!("SKIPPED: there is no {}\n", path.display());
    std::io::Write::write_all(&mut std::io::stderr(), skipped.as_bytes()).ok();
    None
}
