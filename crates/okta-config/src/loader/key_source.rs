//! The private key setting holds either the key or the way to it.

use std::path::{Path, PathBuf};

use crate::error::Fault;
use crate::private_key::{PrivateKey, PrivateKeyError};

/// Reads a key given inline or as the path of a file; a relative path starts at `base`, `~/` at the home directory.
///
/// The file is read here, once: a wrong path shows up with all other problems, not at the first call.
pub(super) fn private_key(text: &str, base: &Path, home: Option<&Path>) -> Result<PrivateKey, Fault> {
    let inline_error = match PrivateKey::parse(text) {
        Err(PrivateKeyError::NotAKey) => PrivateKeyError::NotAKey,
        parsed => return parsed.map_err(|error| fault(&error)),
    };
    let path = resolve(text, base, home);
    PrivateKey::read(&path).map_err(|error| match error {
        PrivateKeyError::Unreadable { .. } if !may_be_shown(text) => fault(&inline_error),
        error => fault(&error),
    })
}

fn fault(error: &PrivateKeyError) -> Fault {
    Fault::new(error.message(), error.remedy())
}

fn resolve(text: &str, base: &Path, home: Option<&Path>) -> PathBuf {
    match (text.strip_prefix("~/").or_else(|| text.strip_prefix("~\\")), home) {
        (Some(rest), Some(home)) => home.join(rest),
        _ => base.join(text),
    }
}

/// Whether a text is a path rather than a key that lost its PEM header.
///
/// The DER of a private key begins with `M` in base64, holds no dot, and is long.
fn may_be_shown(text: &str) -> bool {
    let one_line = !text.contains(['\n', '\r']) && text.len() <= 1024;
    let begins_like_a_path = text.starts_with(['/', '.', '~', '\\']);
    one_line && (begins_like_a_path || text.contains('.') || text.len() < 40)
}
