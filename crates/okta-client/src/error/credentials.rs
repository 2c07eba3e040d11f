//! Finds credentials in the texts of others.

use std::ops::Range;

/// Schemes whose credentials follow them.
const SCHEMES: [&str; 3] = ["SSWS", "Bearer", "DPoP"];

/// What texts about a scheme write after its name, in lower case: no credential.
const ABOUT_SCHEMES: [&str; 30] = [
    "a",
    "access",
    "and",
    "api",
    "are",
    "auth",
    "authentication",
    "authorization",
    "credentials",
    "expired",
    "for",
    "header",
    "in",
    "invalid",
    "is",
    "jwt",
    "key",
    "missing",
    "must",
    "nonce",
    "not",
    "or",
    "proof",
    "proofs",
    "required",
    "scheme",
    "the",
    "token",
    "tokens",
    "was",
];

/// A shorter text without a scheme is an id, a name or a word.
const SHORTEST_TOKEN: usize = 32;
/// A word after a scheme may be as long as this.
const LONGEST_WORD: usize = 20;

/// The places of credentials, in their order: what follows a scheme and is not a word of the sentence, JSON Web Tokens, and
/// long random texts.
pub(super) fn credentials(text: &str) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    let mut scheme: Option<Range<usize>> = None;
    for mut run in runs(text) {
        let word = text.get(run.clone()).unwrap_or_default();
        // `authorization=SSWS …`
        let name = word.rsplit('=').next().unwrap_or_default();
        let is_scheme = SCHEMES.iter().any(|known| known.eq_ignore_ascii_case(name));
        match scheme.take() {
            _ if is_scheme => scheme = Some(run.end - name.len()..run.end),
            Some(scheme) if follows(text, &scheme, &run) && is_credential(text, &scheme, &run) => {
                // The end of a sentence is not part of it.
                run.end -= word.len() - word.trim_end_matches('.').len();
                found.push(run);
            }
            _ => found.extend(tokens(word).map(|token| run.start + token.start..run.start + token.end)),
        }
    }
    found
}

/// The longest pieces that consist of what tokens consist of (`token68` of RFC 9110 §11.2).
fn runs(text: &str) -> impl Iterator<Item = Range<usize>> {
    let is_part = |char: char| char.is_ascii_alphanumeric() || "-._~+/=".contains(char);
    pieces(text, move |char| !is_part(char))
}

/// The pieces between separators, without empty ones.
fn pieces(text: &str, is_separator: impl Fn(char) -> bool + Copy) -> impl Iterator<Item = Range<usize>> {
    let mut end = 0;
    text.split_inclusive(is_separator).filter_map(move |piece| {
        let start = end;
        end += piece.len();
        let length = piece.trim_end_matches(is_separator).len();
        (length > 0).then_some(start..start + length)
    })
}

/// Returns true if only spaces, quotes and colons are between a scheme and what may be its credential.
fn follows(text: &str, scheme: &Range<usize>, run: &Range<usize>) -> bool {
    let between = text.get(scheme.end..run.start).unwrap_or_default();
    let mut characters = between.chars();
    characters.all(|char| char.is_whitespace() || is_quote(char) || char == ':')
}

fn is_credential(text: &str, scheme: &Range<usize>, run: &Range<usize>) -> bool {
    let word = text.get(run.clone()).unwrap_or_default();
    let word = word.trim_end_matches('.');
    if !is_word(word) {
        return true;
    }
    let is_about = ABOUT_SCHEMES.iter().any(|about| about.eq_ignore_ascii_case(word));
    let before = text.get(..scheme.start).unwrap_or_default().trim_end();
    let after = text.get(run.end..).unwrap_or_default();
    let stands_alone =
        (before.is_empty() || before.ends_with(is_quote)) && (after.is_empty() || after.starts_with(is_quote));
    let before = before.trim_end_matches(|char: char| char.is_whitespace() || is_quote(char) || ":=".contains(char));
    let is_header = before
        .get(before.len().saturating_sub("authorization".len())..)
        .is_some_and(|name| name.eq_ignore_ascii_case("authorization"));
    !is_about && (stands_alone || is_header)
}

/// Whether it is a word as sentences have them: letters of one case after the first, of a usual length.
fn is_word(text: &str) -> bool {
    let rest = text.get(1..).unwrap_or_default();
    let is_letters = text.bytes().all(|byte| byte.is_ascii_alphabetic() || byte == b'-');
    let is_one_case =
        !rest.bytes().any(|byte| byte.is_ascii_uppercase()) || !text.bytes().any(|byte| byte.is_ascii_lowercase());
    is_letters && is_one_case && text.len() <= LONGEST_WORD
}

/// The parts of a run that are tokens by themselves. Paths and assignments (`name=value`) are taken apart.
fn tokens(run: &str) -> impl Iterator<Item = Range<usize>> {
    pieces(run, |char| matches!(char, '/' | '=')).flat_map(move |piece| {
        let text = run.get(piece.clone()).unwrap_or_default();
        let parts: Vec<Range<usize>> = if is_json_web_token(text) {
            vec![piece]
        } else {
            pieces(text, |char| char == '.')
                .filter(|part| is_random(text.get(part.clone()).unwrap_or_default()))
                .map(|part| piece.start + part.start..piece.start + part.end)
                .collect()
        };
        parts
    })
}

/// `{"` in base64.
fn is_json_web_token(text: &str) -> bool {
    text.starts_with("eyJ") && text.len() >= 16
}

fn is_random(text: &str) -> bool {
    let count = |is_counted: fn(&u8) -> bool| text.bytes().filter(is_counted).count();
    let (digits, lower, upper) = (
        count(u8::is_ascii_digit),
        count(u8::is_ascii_lowercase),
        count(u8::is_ascii_uppercase),
    );
    let is_mixed = digits >= 2 && lower >= 1 && upper >= 1 && text.len() >= SHORTEST_TOKEN;
    // Hexadecimal, for example. What has hyphens may be a UUID with a name before it.
    let is_plain = digits >= 2 && lower + upper >= 1 && digits + lower + upper == text.len() && text.len() >= 40;
    is_mixed || is_plain
}

const fn is_quote(char: char) -> bool {
    matches!(char, '"' | '\'' | '`' | '\\')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::sanitized_line::SanitizedLine;

    fn shown(text: &str) -> String {
        SanitizedLine(text).to_string()
    }

    #[test]
    fn b11_sentences_about_schemes_are_shown_in_full() {
        for text in [
            "The DPoP proof JWT header is missing.",
            "Bearer authentication is not supported for this endpoint",
            "the token is bound to a key (DPoP), and none was sent",
            "Invalid DPoP proof",
            "expected SSWS or Bearer or DPoP",
            "the Bearer",
            "DPoP",
            "use the scheme Bearer: tokens of users are accepted",
            "Authorization: Bearer is missing",
            "the token type must be 'DPoP'",
            "a DPoP-bound token needs DPoP-Nonce",
            "password: Password requirements were not met.",
            "Bearer Token",
            "https://acme.okta.com/api/v1/users/00u1abcdefGHIJKLm0h7/factors/ufs2bysphxKODSZKWVCT",
            "errorId oaeXMuSLOuRTAqSTrsbLDKYTA, sampleUvpfPKQ-7j7DOvBNnsA",
            "550e8400-e29b-41d4-a716-446655440000 of customer-550e8400-e29b-41d4-a716-446655440000",
            "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        ] {
            assert_eq!(shown(text), text);
        }
    }

    #[test]
    fn b11_credentials_are_hidden_wherever_they_stand() {
        let jwt = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJjYW5hcnkifQ.Y2FuYXJ5-_canary";
        let token = "00QCjAl4MlV-WPXM_canary0HmjFx-vbGua1Ab2Cd3";
        for (text, expected) in [
            (
                format!("Authorization: Bearer {jwt} is bad"),
                "Authorization: Bearer [redacted] is bad",
            ),
            (format!("dpop  {jwt}"), "dpop  [redacted]"),
            (format!("DPoP\n{jwt}, and"), "DPoP\\n[redacted], and"),
            (format!("({jwt})"), "([redacted])"),
            (format!("{{\"token\":\"{jwt}\"}}"), "{\"token\":\"[redacted]\"}"),
            (format!("client_assertion={jwt}&x=1"), "client_assertion=[redacted]&x=1"),
            (format!("/oauth2/v1/{token}/x"), "/oauth2/v1/[redacted]/x"),
            (
                format!("the token {token}. Try again"),
                "the token [redacted]. Try again",
            ),
            (format!("SSWS {token}"), "SSWS [redacted]"),
            ("SSWS 00canary".to_owned(), "SSWS [redacted]"),
            ("Bearer canary".to_owned(), "Bearer [redacted]"),
            ("'SSWS canary' of".to_owned(), "'SSWS [redacted]' of"),
            (
                "bad Authorization: \"Bearer canary\"".to_owned(),
                "bad Authorization: \"Bearer [redacted]\"",
            ),
            (
                "authorization=SSWS canary failed".to_owned(),
                "authorization=SSWS [redacted] failed",
            ),
            ("Bearer: \\\"caNary\\\"".to_owned(), "Bearer: \\\"[redacted]\\\""),
            (format!("{:x}", 0xcafe_babe_u128.pow(4)).repeat(2), "[redacted]"),
        ] {
            let shown = shown(&text);
            assert_eq!(shown, expected);
            assert!(!shown.contains("canary"), "{shown}");
        }
    }

    proptest! {
        #[test]
        fn b11_a_token_is_hidden_in_any_sentence(
            before in "[a-z .,:\"'(]{0,40}",
            after in "([ ,.\"')] [a-z .,]{0,30})?",
            scheme in "(SSWS |Bearer |DPoP |Authorization: Bearer |bearer: |)",
            token in "00[A-Za-z0-9_-]{20}[a-z][A-Z]2[A-Za-z0-9_-]{15}",
        ) {
            let text = format!("{before} {scheme}{token}{after}");
            let shown = shown(&text);
            prop_assert!(!shown.contains(&token) && shown.contains("[redacted]"), "{}", shown);
            let expected = text.replace(&token, "[redacted]");
            prop_assert_eq!(shown, expected, "nothing but the token is hidden");
        }

        #[test]
        fn b11_sentences_are_shown(words in prop::collection::vec("(DPoP|SSWS|Bearer|[a-z]{1,12}|[A-Z][a-z]{1,12})", 1..12)) {
            let text = format!("say {} now", words.join(" "));
            prop_assert_eq!(shown(&text), text);
        }

        #[test]
        fn any_text_is_shown_in_one_line(text in "(\\PC|\\s|Bearer |[=/.:]){0,200}") {
            prop_assert!(!shown(&text).chars().any(char::is_control));
        }
    }
}
