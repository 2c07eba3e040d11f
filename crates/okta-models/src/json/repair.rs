//! Text that was cut in the middle of a character.

/// The same text with every lone surrogate escape (`\ud83d` without its other half) replaced by `\ufffd`; `None` where
/// there is none.
///
/// Programs that cut text between UTF-16 units produce them, and no Rust string can hold them; without this one such text
/// would take its whole page along. The replacement is as long, so positions stay valid.
pub(crate) fn without_lone_surrogates(text: &str) -> Option<String> {
    let bytes = text.as_bytes();
    let mut lone = Vec::new();
    let mut at = 0;
    while let Some(found) = bytes
        .get(at..)
        .and_then(|rest| rest.iter().position(|byte| *byte == b'\\'))
    {
        at += found;
        at += match (unit(bytes, at), unit(bytes, at + 6)) {
            (Some(0xD800..=0xDBFF), Some(0xDC00..=0xDFFF)) => 12,
            (Some(0xD800..=0xDFFF), _) => {
                lone.push(at);
                6
            }
            (Some(_), _) => 6,
            (None, _) => 2,
        };
    }
    if lone.is_empty() {
        return None;
    }
    let mut repaired = String::with_capacity(text.len());
    let mut copied = 0;
    for at in lone {
        repaired.push_str(text.get(copied..at)?);
        repaired.push_str("\\ufffd");
        copied = at + 6;
    }
    repaired.push_str(text.get(copied..)?);
    Some(repaired)
}

/// The UTF-16 unit of an escape `\uXXXX` that begins here.
fn unit(bytes: &[u8], at: usize) -> Option<u16> {
    let escape = bytes.get(at..at + 6)?;
    let hex = std::str::from_utf8(escape.strip_prefix(b"\\u")?).ok()?;
    u16::from_str_radix(hex, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_of_characters_are_replaced_and_whole_ones_stay() {
        let repair = |text| without_lone_surrogates(text);
        assert_eq!(repair(r#"["\ud83d"]"#).as_deref(), Some(r#"["\ufffd"]"#));
        assert_eq!(
            repair(r#"["\udc00 \ud83d\ud83d\ude00"]"#).as_deref(),
            Some(r#"["\ufffd \ufffd\ud83d\ude00"]"#)
        );
        assert_eq!(repair(r#"["\ud83d\ude00 \n \\ud83d \u00e4"]"#), None);
        assert_eq!(repair(r#"["\ud83"#), None);
        assert_eq!(repair("\\"), None);
    }

    proptest::proptest! {
        #[test]
        fn what_is_repaired_is_as_long_and_needs_no_more_repair(text in r#"(\\u[d][89acd][0-9]{2}|\\\\|[a-zä"]){0,20}"#) {
            if let Some(repaired) = without_lone_surrogates(&text) {
                proptest::prop_assert_eq!(repaired.len(), text.len());
                proptest::prop_assert_eq!(without_lone_surrogates(&repaired), None);
            }
        }
    }
}
