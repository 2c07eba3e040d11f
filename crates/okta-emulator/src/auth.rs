//! Who may call: clients with the org's API token, or with an access token with the scope that the operation needs.

use http::{HeaderMap, header};
use secrecy::{ExposeSecret, SecretString};

use crate::protocol::error::ApiError;

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

/// What an `Authorization` header says.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Credentials<'a> {
    /// The org's API token, as `SSWS` or as `Bearer`.
    ApiToken,
    /// Anything else that came as `Bearer` or `DPoP`: perhaps an access token.
    AccessToken { token: &'a str, dpop: bool },
}

/// Reads the `Authorization` header.
pub(crate) fn credentials<'a>(headers: &'a HeaderMap, token: &SecretString) -> Result<Credentials<'a>, ApiError> {
    let credentials = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let Some((scheme, stated)) = credentials.and_then(scheme_and_token) else {
        return Err(ApiError::invalid_session());
    };
    let is_token = stated == token.expose_secret();
    match scheme.to_ascii_lowercase().as_str() {
        "ssws" | "bearer" if is_token => Ok(Credentials::ApiToken),
        "ssws" => Err(ApiError::invalid_token()),
        scheme @ ("bearer" | "dpop") => Ok(Credentials::AccessToken {
            token: stated,
            dpop: scheme == "dpop",
        }),
        _ => Err(ApiError::invalid_session()),
    }
}

/// Splits the header's value. Okta's Python SDK 3 sends `SSWS` with the token directly after it, and Okta takes that.
fn scheme_and_token(credentials: &str) -> Option<(&str, &str)> {
    const API_TOKEN: &str = "SSWS";
    let (scheme, token) = match credentials.split_at_checked(API_TOKEN.len()) {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case(API_TOKEN) && !token.is_empty() => (scheme, token),
        _ => credentials.split_once(' ')?,
    };
    Some((scheme, token.trim()))
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn read(authorization: Option<&'static str>) -> Result<&'static str, u16> {
        let mut headers = HeaderMap::new();
        if let Some(value) = authorization {
            headers.insert(header::AUTHORIZATION, HeaderValue::from_static(value));
        }
        match credentials(&headers, &SecretString::from("right")) {
            Ok(Credentials::ApiToken) => Ok("API token"),
            Ok(Credentials::AccessToken { dpop: false, .. }) => Ok("bearer token"),
            Ok(Credentials::AccessToken { dpop: true, .. }) => Ok("bound token"),
            Err(error) => Err(error.status.as_u16()),
        }
    }

    #[test]
    fn both_schemes_are_good_for_the_token() {
        for header in ["SSWS right", "ssws right", "Bearer right", "SSWSright", "sswsright"] {
            assert_eq!(read(Some(header)), Ok("API token"));
        }
    }

    #[test]
    fn other_bearers_have_access_tokens() {
        assert_eq!(read(Some("Bearer wrong")), Ok("bearer token"));
        assert_eq!(read(Some("DPoP wrong")), Ok("bound token"));
        // The API token is bound to no key.
        assert_eq!(read(Some("DPoP right")), Ok("bound token"));
    }

    #[test]
    fn a_wrong_token_is_told_from_no_token() {
        assert_eq!(read(Some("SSWS wrong")), Err(401));
        assert_eq!(read(Some("SSWSwrong")), Err(401));
        assert_eq!(read(None), Err(403));
        assert_eq!(read(Some("right")), Err(403));
        assert_eq!(read(Some("Basic right")), Err(403));
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
}
