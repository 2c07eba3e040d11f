use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use http::{HeaderMap, Response, StatusCode, header};
use secrecy::SecretString;
use serde_json::{Map, Value};

use crate::{
    error::oauth_error::{OAuthError, ResponseFacts},
    oauth::{
        dpop::key::DpopKey,
        server_time::{date, seconds},
        token::access_token::AccessToken,
    },
};

/// How long a token is used if the server does not say how long it lives.
const LIFE_UNTOLD: Duration = Duration::from_secs(5 * 60);

/// The token of a successful response (RFC 6749 §5.1), bound to `key` if the server says so.
pub(crate) fn granted_token(
    body: &[u8],
    key: Option<Arc<DpopKey>>,
    must_be_bound: bool,
) -> Result<AccessToken, OAuthError> {
    let mut members: Map<String, Value> =
        serde_json::from_slice(without_bom(body)).map_err(|_| OAuthError::garbage("it is not a JSON object"))?;
    let Some(Value::String(token)) = members.remove("access_token") else {
        return Err(OAuthError::garbage("it has no `access_token`"));
    };
    let token = SecretString::from(token);
    let life = life(members.get("expires_in"))?;
    let kind = members.get("token_type").and_then(Value::as_str).unwrap_or("Bearer");
    let token = if kind.eq_ignore_ascii_case("DPoP") {
        let Some(key) = key else {
            return Err(OAuthError::garbage(
                "the token is bound to a key (DPoP), and none was sent",
            ));
        };
        AccessToken::dpop(&token, life, key)?
    } else if !kind.eq_ignore_ascii_case("Bearer") {
        return Err(OAuthError::garbage("the `token_type` is neither Bearer nor DPoP"));
    } else if must_be_bound {
        return Err(OAuthError::garbage(
            "the token is not bound to the key that was sent with the request, as the settings ask for (DPoP)",
        ));
    } else {
        AccessToken::bearer(&token, life)?
    };
    Ok(match members.get("scope").and_then(Value::as_str) {
        Some(scopes) => token.with_granted_scopes([scopes].into_iter().collect()),
        None => token,
    })
}

/// A body without the byte order mark that some servers write and JSON does not have (RFC 8259 §8.1).
fn without_bom(body: &[u8]) -> &[u8] {
    body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body)
}

fn life(expires_in: Option<&Value>) -> Result<Duration, OAuthError> {
    // Some servers write the number as text.
    let number = match expires_in {
        None | Some(Value::Null) => return Ok(LIFE_UNTOLD),
        Some(Value::String(text)) => text.trim().parse().ok(),
        Some(value) => value.as_f64(),
    };
    // The renewal has its own limit; here it only has to be a duration.
    const MOST: f64 = 1e12;
    let number = number
        .filter(|number: &f64| number.is_finite())
        .map(|number| number.min(MOST));
    match number.map(Duration::try_from_secs_f64) {
        Some(Ok(life)) if life >= Duration::from_secs(1) => Ok(life),
        Some(Ok(_)) => Err(OAuthError::garbage("the token has expired already (`expires_in`)")),
        _ => Err(OAuthError::garbage("`expires_in` is not a number of seconds")),
    }
}

/// The error of a response without a token (RFC 6749 §5.2).
pub(crate) fn refusal(endpoint: &str, response: &Response<Bytes>) -> OAuthError {
    let headers = response.headers();
    let body: Option<Map<String, Value>> = serde_json::from_slice(without_bom(response.body())).ok();
    let member = |name: &str| body.as_ref().and_then(|body| body.get(name)).and_then(Value::as_str);
    let error = match (member("error"), challenge_error(headers), member("errorCode")) {
        (Some(error), ..) => OAuthError::refused(error, member("error_description")),
        (None, Some(error), _) => OAuthError::refused(&error, member("error_description")),
        // Okta's own form, of errors that come before the token endpoint looks at the request.
        (None, None, Some(code)) => OAuthError::refused(code, member("errorSummary")),
        (None, None, None) => OAuthError::garbage("neither a token nor an error of OAuth 2.0"),
    };
    error.with_response(response_facts(endpoint, response.status(), headers))
}

pub(crate) fn response_facts(endpoint: &str, status: StatusCode, headers: &HeaderMap) -> ResponseFacts {
    ResponseFacts {
        endpoint: endpoint.into(),
        status: Some(status),
        request_id: headers
            .get("x-okta-request-id")
            .and_then(|value| value.to_str().ok())
            .map(Into::into),
        retry_after: retry_after(status, headers),
    }
}

/// The `error` of a `WWW-Authenticate` header (RFC 6750 §3, RFC 9449 §7.1).
pub(crate) fn challenge_error(headers: &HeaderMap) -> Option<String> {
    headers.get_all(header::WWW_AUTHENTICATE).iter().find_map(|value| {
        let text = value.to_str().ok()?;
        let start = text.match_indices("error=").find(|(at, _)| {
            // Not the end of another name, such as `last_error=`.
            text.get(..*at).is_some_and(|before| before.ends_with([' ', ',', '\t']))
        })?;
        let rest = text.get(start.0 + start.1.len()..)?;
        let error = match rest.strip_prefix('"') {
            Some(quoted) => quoted.split('"').next()?,
            None => rest.split([',', ' ']).next()?,
        };
        Some(error.to_owned())
    })
}

/// The longest delay that is taken for one: Okta's rate limit windows last a minute. A longer one is malformed (a reset in
/// milliseconds, for example) and says nothing.
const PLAUSIBLE: Duration = Duration::from_secs(60 * 60);

/// `Retry-After` in either form (RFC 9110 §10.2.3), or else the end of Okta's rate limit window.
fn retry_after(status: StatusCode, headers: &HeaderMap) -> Option<Duration> {
    let plausible = |delay: &Duration| *delay <= PLAUSIBLE;
    retry_after_header(headers).filter(plausible).or_else(|| {
        let until_reset = until_reset(headers).filter(plausible)?;
        // The window ends within that second.
        (status == StatusCode::TOO_MANY_REQUESTS).then(|| until_reset.saturating_add(Duration::from_secs(1)))
    })
}

fn retry_after_header(headers: &HeaderMap) -> Option<Duration> {
    let text = headers.get(header::RETRY_AFTER)?.to_str().ok()?.trim();
    match text.parse() {
        Ok(seconds) => Some(Duration::from_secs(seconds)),
        Err(_) => httpdate::parse_http_date(text)
            .ok()
            .map(|end| until(seconds(end), headers)),
    }
}

fn until_reset(headers: &HeaderMap) -> Option<Duration> {
    let reset = headers.get("x-rate-limit-reset")?.to_str().ok()?.trim();
    Some(until(reset.parse().ok()?, headers))
}

/// How long it is until `end`, in seconds since 1970, by the server's own clock. Without that, no time.
fn until(end: u64, headers: &HeaderMap) -> Duration {
    Duration::from_secs(end.saturating_sub(date(headers).unwrap_or(end)))
}
