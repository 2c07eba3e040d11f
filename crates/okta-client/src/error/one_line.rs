//! Text from elsewhere, fit for a log line.

use std::fmt;

/// How much of a text is shown, in characters.
const LONGEST: usize = 1_000;

/// Schemes whose credentials follow them.
const SCHEMES: [&str; 3] = ["SSWS", "Bearer", "DPoP"];

/// Shows a text in one line: control characters escaped (they could forge log lines), credentials that were echoed hidden,
/// the rest of a very long text left out.
pub(crate) struct OneLine<'a>(pub(crate) &'a str);

impl fmt::Display for OneLine<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut left = LONGEST;
        let mut hide = false;
        for word in self.0.split_inclusive(' ') {
            if hide {
                f.write_str("[redacted] ")?;
            } else {
                for character in word.chars() {
                    if left == 0 {
                        return f.write_str("…");
                    }
                    left -= 1;
                    if character.is_control() {
                        write!(f, "{}", character.escape_default())?;
                    } else {
                        write!(f, "{character}")?;
                    }
                }
            }
            let scheme = word.trim_matches(|character: char| !character.is_ascii_alphanumeric());
            hide = word.ends_with(' ') && SCHEMES.iter().any(|known| known.eq_ignore_ascii_case(scheme));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_stays_in_its_line_and_keeps_no_credentials() {
        assert_eq!(
            OneLine("a\nINFO forged\u{1b}[0m").to_string(),
            "a\\nINFO forged\\u{1b}[0m"
        );
        assert_eq!(
            OneLine("bad header 'SSWS 00canary' of you").to_string(),
            "bad header 'SSWS [redacted] of you"
        );
        assert_eq!(OneLine("Bearer canary").to_string(), "Bearer [redacted] ");
        assert_eq!(OneLine("the Bearer").to_string(), "the Bearer");
        assert_eq!(OneLine(&"ä".repeat(5_000)).to_string().chars().count(), LONGEST + 1);
    }
}
