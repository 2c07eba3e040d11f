use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use http::{HeaderMap, Response, StatusCode, header};
use secrecy::SecretString;
use serde_json::{Map, Value};

use crate::{
    challenge::Challenge,
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
    let mut members = object(body).ok_or_else(|| OAuthError::garbage("it is not a JSON object"))?;
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
    let body = object(response.body());
    let member = |name: &str| body.as_ref().and_then(|body| body.get(name)).and_then(Value::as_str);
    let challenge = Challenge::with_error(headers);
    let challenge = challenge
        .as_ref()
        .and_then(|challenge| Some((challenge.error()?, challenge.error_description())));
    let error = match (member("error"), challenge, member("errorCode")) {
        (Some(error), ..) => OAuthError::refused(error, member("error_description")),
        (None, Some((error, description)), _) => {
            OAuthError::refused(error, member("error_description").or(description))
        }
        // Okta's own form, of errors that come before the token endpoint looks at the request.
        (None, None, Some(code)) => OAuthError::refused(code, member("errorSummary")),
        (None, None, None) => OAuthError::garbage(not_of_a_token_endpoint(response)),
    };
    error.with_response(response_facts(endpoint, response.status(), headers))
}

/// Says what a response that is not one of OAuth 2.0 looks like: often the issuer is not the URL of an org.
fn not_of_a_token_endpoint(response: &Response<Bytes>) -> String {
    let location = response.headers().get(header::LOCATION);
    match (response.status(), location.and_then(|value| value.to_str().ok())) {
        (status, Some(target)) if status.is_redirection() => {
            let target = target.split(['?', '#']).next().unwrap_or_default();
            format!("it redirects to {target}, which is not followed; check the org URL")
        }
        (StatusCode::NOT_FOUND, _) => "there is no token endpoint; check the org URL".to_owned(),
        _ => "neither a token nor an error of OAuth 2.0".to_owned(),
    }
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

/// The error of the first challenge that names one (RFC 6750 §3, RFC 9449 §7.1).
pub(crate) fn challenge_error(headers: &HeaderMap) -> Option<String> {
    Challenge::with_error(headers)?.error().map(str::to_owned)
}

/// Reads a JSON object, after a byte order mark if there is one: JSON must not begin with it, but may be read so (RFC 8259
/// §8.1).
fn object(body: &[u8]) -> Option<Map<String, Value>> {
    const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";
    serde_json::from_slice(body.strip_prefix(BYTE_ORDER_MARK).unwrap_or(body)).ok()
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
    let values = headers.get_all("x-rate-limit-reset").iter();
    let resets = values
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','));
    // Of several windows the one that ends first.
    let reset = resets.filter_map(|reset| reset.trim().parse().ok()).min()?;
    Some(until(reset, headers))
}

/// How long it is until `end`, in seconds since 1970, by the server's own clock. Without that, no time.
fn until(end: u64, headers: &HeaderMap) -> Duration {
    Duration::from_secs(end.saturating_sub(date(headers).unwrap_or(end)))
}
