//! Files that say what came out last time, reviewed when it changes.

use std::{fs, path::Path};

use similar::TextDiff;

/// The variable that says that the files are to be written: `OKTA_UPDATE_GOLDEN=1 cargo test -p okta-tests`.
const UPDATE: &str = "OKTA_UPDATE_GOLDEN";

/// Compares `text` with the file `name`, from the root of the repository. With `OKTA_UPDATE_GOLDEN=1` the file is written
/// instead, and `git diff` shows what has to be reviewed.
///
/// # Panics
/// Where they differ, with the difference.
pub fn check(name: &str, text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(name);
    let before = fs::read_to_string(&path).unwrap_or_default();
    compare(name, &before, text, || fs::write(&path, text));
}

/// Compares `text` with what stands between the lines `<!-- begin MARK -->` and `<!-- end MARK -->` of a file; otherwise as
/// [`check`].
///
/// # Panics
/// Where they differ, with the difference, and where the file has no such lines.
#[allow(clippy::panic, reason = "fails the test that calls it")]
pub fn check_section(name: &str, mark: &str, text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(name);
    let file = fs::read_to_string(&path).unwrap_or_default();
    let (begin, end) = (format!("<!-- begin {mark} -->\n"), format!("<!-- end {mark} -->"));
    let parts = file.split_once(&begin).and_then(|(head, rest)| {
        let (before, tail) = rest.split_once(&end)?;
        Some((head, before, tail))
    });
    let Some((head, before, tail)) = parts else {
        panic!("{name} has no section between `{}` and `{end}`", begin.trim_end());
    };
    compare(name, before, text, || {
        fs::write(&path, [head, &begin, text, &end, tail].concat())
    });
}

#[allow(
    clippy::disallowed_methods,
    clippy::panic,
    reason = "a switch for tests, not a setting of the SDK; fails the test that calls it"
)]
fn compare(name: &str, before: &str, text: &str, write: impl FnOnce() -> std::io::Result<()>) {
    if before == text {
        return;
    }
    if std::env::var_os(UPDATE).is_some_and(|value| value == "1") {
        if let Err(error) = write() {
            panic!("{name} cannot be written: {error}");
        }
        return;
    }
    let difference = TextDiff::from_lines(before, text);
    let difference = difference.unified_diff().context_radius(2).to_string();
    let shown: String = difference.lines().take(200).map(|line| format!("{line}\n")).collect();
    panic!("{name} differs; if it should, review the change and set {UPDATE}=1 to write it:\n{shown}");
}
