//! Secrets that are known by what they look like, wherever they stand in a text.

use std::borrow::Cow;

use crate::sanitize::{
    REDACTED,
    secret_names::{is_secret_name, is_secret_value},
    secret_segments::{hide_segments, without_userinfo},
};

/// Schemes whose credentials follow them.
const SCHEMES: [&str; 4] = ["SSWS", "Bearer", "DPoP", "Basic"];

/// The same text without credentials after their scheme, signed tokens (JWT), private keys, and what is secret in
/// addresses.
pub(super) fn clean_text(text: &str) -> String {
    if text.contains("PRIVATE KEY-----") {
        return REDACTED.to_owned();
    }
    let mut clean = String::with_capacity(text.len());
    let mut hide = false;
    for piece in text.split_inclusive(ends_word) {
        let word = piece.trim_end_matches(ends_word);
        let end = piece.get(word.len()..).unwrap_or_default();
        if hide && !word.is_empty() {
            clean.push_str(REDACTED);
        } else {
            clean.push_str(&clean_tokens(&clean_address(word)));
        }
        clean.push_str(end);
        hide = if word.is_empty() {
            hide
        } else {
            end.ends_with(' ') && SCHEMES.iter().any(|scheme| scheme.eq_ignore_ascii_case(word))
        };
    }
    clean
}

fn ends_word(character: char) -> bool {
    character.is_whitespace() || matches!(character, '"' | '\'' | '<' | '>' | '(' | ')' | ',' | ';')
}

/// An address, or any word with something like a query in it.
fn clean_address(word: &str) -> Cow<'_, str> {
    let (address, query) = match word.split_once(['?', '#']) {
        Some((address, query)) => (address, Some(query)),
        None => (word, None),
    };
    if !address.contains("://") && query.is_none() {
        return word.into();
    }
    let mut clean = hide_segments(&without_userinfo(address)).into_owned();
    if let Some(query) = query {
        // The character that the word was split at.
        clean.push_str(word.get(address.len()..=address.len()).unwrap_or("?"));
        let parameters: Vec<_> = query
            .split('&')
            .map(|parameter| clean_parameter(parameter, |_| false))
            .collect();
        clean.push_str(&parameters.join("&"));
    }
    clean.into()
}

/// `name=value`, from a query or a form.
pub(super) fn clean_parameter(parameter: &str, also_secret: impl FnOnce(&str) -> bool) -> Cow<'_, str> {
    match parameter.split_once('=') {
        Some((name, _)) if is_secret_name(name) || is_secret_parameter(name) || also_secret(name) => {
            format!("{name}={REDACTED}").into()
        }
        Some(_) => clean_tokens(parameter),
        None => parameter.into(),
    }
}

/// Parameters that are secret by names that mean anything elsewhere: an authorization code or the key of a function, the
/// signature of an address, one-time codes.
fn is_secret_parameter(name: &str) -> bool {
    const NAMES: [&str; 5] = ["code", "key", "sid", "sig", "signature"];
    NAMES.iter().any(|secret| secret.eq_ignore_ascii_case(name)) || is_secret_value("", name)
}

/// Hides what looks like a signed token: `eyJ…`, with at least one dot.
fn clean_tokens(text: &str) -> Cow<'_, str> {
    const BEGIN: &str = "eyJ";
    const SHORTEST: usize = 16;
    if !text.contains(BEGIN) {
        return text.into();
    }
    let in_token = |character: char| character.is_ascii_alphanumeric() || matches!(character, '-' | '_' | '.');
    let mut clean = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(BEGIN) {
        let (before, from) = rest.split_at(start);
        let (token, after) = from.split_at(from.find(|character| !in_token(character)).unwrap_or(from.len()));
        clean.push_str(before);
        let secret = token.len() >= SHORTEST && token.contains('.');
        clean.push_str(if secret { REDACTED } else { token });
        rest = after;
    }
    clean.push_str(rest);
    clean.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_known_by_their_looks() {
        for (text, clean) in [
            ("Bearer canary", "Bearer REDACTED"),
            ("bad header 'SSWS canary' of you", "bad header 'SSWS REDACTED' of you"),
            ("the Bearer of news", "the Bearer REDACTED news"),
            (
                "an id eyJhbGciOiJSUzI1NiJ9.eyJjYW5hcnkiOjF9.c2ln here",
                "an id REDACTED here",
            ),
            ("x=eyJhbGciOiJSUzI1NiJ9.eyJjYW5hcnkiOjF9.c2ln&y", "x=REDACTED&y"),
            ("-----BEGIN RSA PRIVATE KEY-----\ncanary", "REDACTED"),
            (
                "https://ann:canary@acme.okta.com/welcome/canary?token=canary&limit=2#x",
                "https://acme.okta.com/welcome/REDACTED?token=REDACTED&limit=2#x",
            ),
            ("/callback?code=canary&state=1", "/callback?code=REDACTED&state=1"),
            (
                "https://app.example.com/#access_token=canary",
                "https://app.example.com/#access_token=REDACTED",
            ),
            (
                r#"<https://acme.okta.com/api/v1/users?after=1&limit=2>; rel="next""#,
                r#"<https://acme.okta.com/api/v1/users?after=1&limit=2>; rel="next""#,
            ),
            (
                "Ann's eyJs. A text, with \"quotes\"; and ä?",
                "Ann's eyJs. A text, with \"quotes\"; and ä?",
            ),
            ("", ""),
        ] {
            assert_eq!(clean_text(text), clean);
        }
    }

    #[test]
    fn parameters_are_judged_by_their_names() {
        assert_eq!(
            clean_parameter("client_secret=canary", |_| false),
            "client_secret=REDACTED"
        );
        assert_eq!(
            clean_parameter("badge=canary", |name| name == "badge"),
            "badge=REDACTED"
        );
        assert_eq!(clean_parameter("limit=2", |_| false), "limit=2");
        assert_eq!(clean_parameter("limit", |_| true), "limit");
    }
}
