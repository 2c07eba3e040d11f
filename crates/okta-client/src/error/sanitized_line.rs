//! Text from elsewhere, fit for a log line.

use std::fmt::{self, Write};

use super::credentials::credentials;

/// How much of a text is shown, in characters.
const LONGEST: usize = 1_000;
/// How much of a text is searched for credentials, in bytes: all that can be shown, and what it could be the beginning of.
const SEARCHED: usize = 16 * LONGEST;

/// Shows a text in one line: control characters are escaped (they could forge log lines), credentials that were echoed are
/// hidden, the rest of a very long text is left out.
pub(crate) struct SanitizedLine<'a>(pub(crate) &'a str);

impl fmt::Display for SanitizedLine<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        shorten(f, self.0, LONGEST)
    }
}

/// Writes at most so many characters of a text, as [`SanitizedLine`] does.
pub(super) fn shorten(f: &mut impl Write, text: &str, longest: usize) -> fmt::Result {
    let text = text.get(..text.floor_char_boundary(SEARCHED)).unwrap_or_default();
    let mut left = longest;
    let mut position = 0;
    for hidden in credentials(text) {
        let shown = text.get(position..hidden.start).unwrap_or_default();
        if !escape(f, shown, &mut left)? {
            return Ok(());
        }
        f.write_str("[redacted]")?;
        position = hidden.end;
    }
    escape(f, text.get(position..).unwrap_or_default(), &mut left)?;
    Ok(())
}

/// Returns false if the text ends here.
fn escape(f: &mut impl Write, text: &str, left: &mut usize) -> Result<bool, fmt::Error> {
    for character in text.chars() {
        if *left == 0 {
            f.write_str("…")?;
            return Ok(false);
        }
        *left -= 1;
        if character.is_control() {
            write!(f, "{}", character.escape_default())?;
        } else {
            f.write_char(character)?;
        }
    }
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_stays_in_its_line_and_keeps_no_credentials() {
        assert_eq!(
            SanitizedLine("a\nINFO forged\u{1b}[0m").to_string(),
            "a\\nINFO forged\\u{1b}[0m"
        );
        assert_eq!(
            SanitizedLine("bad header 'SSWS 00canary' of you").to_string(),
            "bad header 'SSWS [redacted]' of you"
        );
        assert_eq!(
            SanitizedLine(&"ä".repeat(50_000)).to_string().chars().count(),
            LONGEST + 1
        );
    }

    #[test]
    fn a_credential_at_the_end_of_what_is_shown_is_not_shown_in_part() {
        let text = format!("{} SSWS 00{}", "a ".repeat(490), "Ab1".repeat(20));
        let shown = SanitizedLine(&text).to_string();
        assert!(shown.ends_with("SSWS [redacted]"), "{shown}");
    }
}
