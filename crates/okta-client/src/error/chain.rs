//! The causes of an error, after its own text.

use std::{error::Error, fmt};

use okta_transport::causes::causes;

use super::sanitized_line::SanitizedLine;

/// Writes what led to an error, each after a colon. A text that only repeats what was written is left out.
pub(crate) fn write_chain(f: &mut fmt::Formatter<'_>, source: Option<&(dyn Error + 'static)>) -> fmt::Result {
    let mut written = String::new();
    for cause in source.into_iter().flat_map(causes) {
        let text = cause.to_string();
        if !written.contains(&text) {
            write!(f, ": {}", SanitizedLine(&text))?;
            written.push_str(&text);
        }
    }
    Ok(())
}
