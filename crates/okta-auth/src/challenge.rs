use std::borrow::Cow;

use http::{HeaderMap, header::WWW_AUTHENTICATE};

use crate::scope_set::ScopeSet;

/// One challenge of a `WWW-Authenticate` header (RFC 9110 §11.6.1): the scheme that the server asks for, and its
/// parameters.
///
/// Okta and other OAuth 2.0 servers say in it why they refused a request, often with an empty body (RFC 6750 §3, RFC 9449
/// §7.1).
///
/// ```
/// use http::{HeaderMap, HeaderValue, header::WWW_AUTHENTICATE};
/// use okta_auth::Challenge;
///
/// let mut headers = HeaderMap::new();
/// let value = r#"Bearer error="insufficient_scope", scope="okta.users.read""#;
/// headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static(value));
///
/// let challenges = Challenge::all(&headers);
/// assert_eq!(challenges[0].scheme(), "Bearer");
/// assert_eq!(challenges[0].error(), Some("insufficient_scope"));
/// assert!(challenges[0].scopes().contains("okta.users.read"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Challenge {
    scheme: Box<str>,
    /// The names are in lower case.
    parameters: Vec<(Box<str>, Box<str>)>,
}

impl Challenge {
    /// Reads the challenges of all `WWW-Authenticate` headers, in their order. Malformed parts are skipped.
    #[must_use]
    pub fn all(headers: &HeaderMap) -> Vec<Self> {
        let values = headers.get_all(WWW_AUTHENTICATE).iter();
        values.flat_map(|value| parse(value.as_bytes())).collect()
    }

    /// Finds the first challenge that names an error.
    #[must_use]
    pub fn with_error(headers: &HeaderMap) -> Option<Self> {
        Self::all(headers)
            .into_iter()
            .find(|challenge| challenge.error().is_some())
    }

    /// The scheme as the server spells it: `Bearer`, `DPoP`, `Basic`, …
    #[must_use]
    pub fn scheme(&self) -> &str {
        &self.scheme
    }

    /// The value of a parameter, without quotes and escapes. Case does not matter in `name`; of parameters of the same name
    /// the first counts.
    #[must_use]
    pub fn parameter(&self, name: &str) -> Option<&str> {
        let known = |known: &str| known.eq_ignore_ascii_case(name);
        let mut parameters = self.parameters.iter();
        parameters.find_map(|(name, value)| known(name).then_some(&**value))
    }

    /// The error code, such as `invalid_token`, `insufficient_scope` or `use_dpop_nonce`.
    #[must_use]
    pub fn error(&self) -> Option<&str> {
        self.parameter("error").filter(|error| !error.is_empty())
    }

    /// The error in words.
    #[must_use]
    pub fn error_description(&self) -> Option<&str> {
        self.parameter("error_description")
            .filter(|description| !description.is_empty())
    }

    /// The scopes that the request needs; empty if the server does not say.
    #[must_use]
    pub fn scopes(&self) -> ScopeSet {
        self.parameter("scope").into_iter().collect()
    }
}

/// Parses the value of one header. It accepts more than the grammar: parameters without commas between them, a quoted string
/// without its end, empty list elements.
fn parse(value: &[u8]) -> Vec<Challenge> {
    let text = String::from_utf8_lossy(value);
    let mut challenges: Vec<Challenge> = Vec::new();
    let mut rest = Rest(&text);
    loop {
        rest.skip(|char| char == ',' || is_space(char));
        let name = rest.take(is_token);
        if name.is_empty() {
            if !rest.skip_one() {
                return challenges;
            }
            continue;
        }
        match (rest.value(), challenges.last_mut()) {
            (Some(value), Some(challenge)) => {
                let name = name.to_ascii_lowercase().into();
                challenge.parameters.push((name, value.into()));
            }
            // A parameter without a scheme is of no challenge.
            (Some(_), None) => {}
            (None, _) => {
                challenges.push(Challenge {
                    scheme: name.into(),
                    parameters: Vec::new(),
                });
                rest.skip_token68();
            }
        }
    }
}

/// What is left to read.
struct Rest<'a>(&'a str);

impl<'a> Rest<'a> {
    fn take(&mut self, wanted: impl Fn(char) -> bool) -> &'a str {
        let end = self.0.find(|char| !wanted(char)).unwrap_or(self.0.len());
        let (taken, rest) = self.0.split_at(end);
        self.0 = rest;
        taken
    }

    fn skip(&mut self, unwanted: impl Fn(char) -> bool) {
        self.take(unwanted);
    }

    fn skip_one(&mut self) -> bool {
        let mut chars = self.0.chars();
        let skipped = chars.next().is_some();
        self.0 = chars.as_str();
        skipped
    }

    /// Reads `= value` after the name of a parameter; reads nothing if there is no `=`.
    fn value(&mut self) -> Option<Cow<'a, str>> {
        let after = self.0.trim_start_matches(is_space).strip_prefix('=')?;
        self.0 = after.trim_start_matches(is_space);
        Some(match self.0.strip_prefix('"') {
            Some(quoted) => {
                let (value, rest) = unquote(quoted);
                self.0 = rest;
                value.into()
            }
            None => self.take(|char| char != ',' && !is_space(char)).into(),
        })
    }

    /// Skips the `token68` of a scheme such as `Negotiate`: it is alone between the scheme and the next comma.
    fn skip_token68(&mut self) {
        let mut ahead = Self(self.0.trim_start_matches(is_space));
        if ahead.take(is_token68).is_empty() {
            return;
        }
        ahead.skip(|char| char == '=');
        ahead.skip(is_space);
        if ahead.0.is_empty() || ahead.0.starts_with(',') {
            *self = ahead;
        }
    }
}

/// The content of a quoted string whose opening quote was read already, and what follows it (RFC 9110 §5.6.4).
fn unquote(quoted: &str) -> (String, &str) {
    let mut content = String::new();
    let mut chars = quoted.chars();
    while let Some(char) = chars.next() {
        match char {
            '"' => break,
            '\\' => content.extend(chars.next()),
            char => content.push(char),
        }
    }
    (content, chars.as_str())
}

const fn is_space(char: char) -> bool {
    matches!(char, ' ' | '\t')
}

const fn is_token(char: char) -> bool {
    char.is_ascii_alphanumeric()
        || matches!(
            char,
            '!' | '#' | '$' | '%' | '&' | '\'' | '*' | '+' | '-' | '.' | '^' | '_' | '`' | '|' | '~'
        )
}

const fn is_token68(char: char) -> bool {
    char.is_ascii_alphanumeric() || matches!(char, '-' | '.' | '_' | '~' | '+' | '/')
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn read(value: &str) -> Vec<Challenge> {
        parse(value.as_bytes())
    }

    fn schemes(value: &str) -> Vec<String> {
        read(value)
            .iter()
            .map(|challenge| challenge.scheme().to_owned())
            .collect()
    }

    #[test]
    fn b9_an_insufficient_scope_is_read() {
        let [challenge] = &read(
            r#"Bearer authorization_uri="http://acme.okta.com/oauth2/v1/authorize", realm="http://acme.okta.com", scope="okta.users.read okta.groups.read", error="insufficient_scope", error_description="The access token provided does not contain the required scopes.", resource="/api/v1/users""#,
        )[..] else {
            panic!("one challenge was expected")
        };
        assert_eq!(challenge.error(), Some("insufficient_scope"));
        assert_eq!(
            challenge.error_description(),
            Some("The access token provided does not contain the required scopes.")
        );
        assert_eq!(challenge.scopes().to_string(), "okta.groups.read okta.users.read");
        assert_eq!(challenge.parameter("Resource"), Some("/api/v1/users"));
    }

    #[test]
    fn several_challenges_are_kept_apart() {
        let challenges = read(
            r#"Basic realm="a, b", Negotiate YIIB+/abc==, DPoP algs="ES256 RS256", error="use_dpop_nonce", Bearer, Digest nonce=abc,qop="auth,auth-int""#,
        );
        let schemes: Vec<_> = challenges.iter().map(Challenge::scheme).collect();
        assert_eq!(schemes, ["Basic", "Negotiate", "DPoP", "Bearer", "Digest"]);
        assert_eq!(challenges[0].parameter("realm"), Some("a, b"));
        assert_eq!(challenges[1].parameters, []);
        assert_eq!(challenges[2].error(), Some("use_dpop_nonce"));
        assert_eq!(challenges[4].parameter("qop"), Some("auth,auth-int"));
        assert_eq!(challenges[4].parameter("nonce"), Some("abc"));

        let mut headers = HeaderMap::new();
        headers.append(WWW_AUTHENTICATE, HeaderValue::from_static("Basic realm=x"));
        headers.append(
            WWW_AUTHENTICATE,
            HeaderValue::from_static("Bearer error = invalid_token"),
        );
        assert_eq!(Challenge::all(&headers).len(), 2);
        let error = Challenge::with_error(&headers).unwrap();
        assert_eq!((error.scheme(), error.error()), ("Bearer", Some("invalid_token")));
    }

    #[test]
    fn quotes_and_escapes_are_taken_away() {
        let [challenge] = &read(r#"Bearer error_description="say \"scope=\\\", then, go", ERROR=x, error="y""#)[..]
        else {
            panic!("one challenge was expected")
        };
        assert_eq!(challenge.error_description(), Some(r#"say "scope=\", then, go"#));
        assert_eq!(challenge.error(), Some("x"), "the first one counts");
        assert!(challenge.scopes().is_empty(), "what is quoted is not a parameter");
    }

    #[test]
    fn an_error_is_found_by_its_whole_name_only() {
        for value in [
            r#"Bearer last_error="invalid_token""#,
            r#"Bearer realm="error=\"invalid_token\"""#,
            r#"Bearer error="""#,
            "error=invalid_token",
        ] {
            assert!(
                read(value).iter().all(|challenge| challenge.error().is_none()),
                "{value}"
            );
        }
    }

    #[test]
    fn a_malformed_value_gives_what_can_be_read() {
        let forgotten_commas = read(r#"DPoP error="use_dpop_nonce" error_description="none" algs="ES256""#);
        assert_eq!(forgotten_commas[0].error_description(), Some("none"));
        let unterminated = read(r#"Bearer error="invalid_token"#);
        assert_eq!(unterminated[0].error(), Some("invalid_token"));
        assert_eq!(schemes(r#",, ,Bearer ,"x" =,{}"#), ["Bearer", "x"]);
        let other_characters = parse("Bearer error_description=\"für \u{1f600}\", error=e\n".as_bytes());
        assert_eq!(other_characters[0].error_description(), Some("für \u{1f600}"));
        assert_eq!(schemes(""), [""; 0]);
    }

    /// Every byte string of a few characters that matter to the grammar, and long ones.
    #[test]
    fn hostile_values_end_and_do_not_panic() {
        let alphabet = ["B", " ", ",", "=", "\"", "\\", "é", "error"];
        let mut texts = vec![String::new()];
        for _ in 0..5 {
            texts = texts
                .iter()
                .flat_map(|text| alphabet.iter().map(move |more| format!("{text}{more}")))
                .collect();
            for text in &texts {
                for challenge in parse(text.as_bytes()) {
                    assert!(!challenge.scheme().is_empty(), "{text}");
                }
            }
        }
        for byte in 0..=u8::MAX {
            let value = [b'B', byte, b'e', b'=', byte, byte];
            assert!(parse(&value).len() <= 3);
        }
        assert_eq!(parse(&b"\"\\".repeat(50_000)).len(), 0);
        assert_eq!(parse(&b"a,".repeat(50_000)).len(), 50_000);
    }

    #[test]
    fn what_is_written_by_the_grammar_is_read_back() {
        let values = ["", "a", "a b", "\"", "\\", "a\"b\\c", ",", "=", "x=\"y\", Bearer z"];
        for first in values {
            for second in values {
                let quoted = |text: &str| text.replace('\\', "\\\\").replace('"', "\\\"");
                let header = format!(
                    "Basic abc=, Bearer p=\"{}\"\t,\t q = \"{}\"",
                    quoted(first),
                    quoted(second)
                );
                let challenges = read(&header);
                assert_eq!(challenges.len(), 2, "{header}");
                assert_eq!(challenges[1].parameter("p"), Some(first), "{header}");
                assert_eq!(challenges[1].parameter("q"), Some(second), "{header}");
            }
        }
    }
}
