//! Who may call: whoever has the org's API token.

use http::{HeaderMap, header};
use secrecy::{ExposeSecret, SecretString};

use crate::error::ApiError;

const BEARER_CHALLENGE: &str = "Bearer error=\"invalid_token\", error_description=\"The access token is invalid.\"";

/// Says what is wrong with a token that no client could send in that header; never shows the token.
pub(crate) fn check_token(token: &SecretString) -> Result<(), String> {
    let token = token.expose_secret();
    if token.is_empty() {
        return Err("the API token is empty: choose one, or leave it out to get the usual one".to_owned());
    }
    let unsendable = |character: &char| !character.is_ascii_graphic();
    match token.chars().enumerate().find(|(_, character)| unsendable(character)) {
        None => Ok(()),
        Some((index, character)) => {
            let what = match character {
                ' ' => "a space",
                '\n' | '\r' => "a line break",
                _ if character.is_ascii() => "a control character",
                _ => "a character that is not ASCII",
            };
            Err(format!(
                "the API token has {what} (its character {}), which no client can send in an Authorization header: use \
                 visible ASCII characters only",
                index + 1
            ))
        }
    }
}

/// Checks the `Authorization` header: `SSWS` and `Bearer` are both good for the one token this org knows.
pub(crate) fn check(headers: &HeaderMap, token: &SecretString) -> Result<(), ApiError> {
    let credentials = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let Some((scheme, stated)) = credentials.and_then(|credentials| credentials.split_once(' ')) else {
        return Err(ApiError::invalid_session());
    };
    let bearer = scheme.eq_ignore_ascii_case("Bearer");
    if !bearer && !scheme.eq_ignore_ascii_case("SSWS") {
        return Err(ApiError::invalid_session());
    }
    if stated.trim() == token.expose_secret() {
        return Ok(());
    }
    Err(ApiError::invalid_token(bearer.then_some(BEARER_CHALLENGE)))
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn status(authorization: Option<&'static str>) -> Option<u16> {
        let mut headers = HeaderMap::new();
        if let Some(value) = authorization {
            headers.insert(header::AUTHORIZATION, HeaderValue::from_static(value));
        }
        check(&headers, &SecretString::from("right"))
            .err()
            .map(|error| error.status.as_u16())
    }

    #[test]
    fn both_schemes_are_good_for_the_token() {
        assert_eq!(status(Some("SSWS right")), None);
        assert_eq!(status(Some("ssws right")), None);
        assert_eq!(status(Some("Bearer right")), None);
    }

    #[test]
    fn a_token_is_what_a_header_can_carry() {
        for (token, problem) in [
            ("", "is empty"),
            ("canary token", "a space (its character 7)"),
            ("canary\n", "a line break (its character 7)"),
            ("\tcanary", "a control character (its character 1)"),
            ("canary-ü", "not ASCII (its character 8)"),
        ] {
            let said = check_token(&SecretString::from(token)).unwrap_err();
            assert!(said.contains(problem) && !said.contains("canary"), "{said}");
        }
        assert_eq!(check_token(&SecretString::from("00a-Z_~!")), Ok(()));
    }

    #[test]
    fn a_wrong_token_is_told_from_no_token() {
        assert_eq!(status(Some("SSWS wrong")), Some(401));
        assert_eq!(status(Some("Bearer wrong")), Some(401));
        assert_eq!(status(None), Some(403));
        assert_eq!(status(Some("right")), Some(403));
        assert_eq!(status(Some("Basic right")), Some(403));
    }
}
