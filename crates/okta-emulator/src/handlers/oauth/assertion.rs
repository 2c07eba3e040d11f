//! Client authentication with a signed assertion: `private_key_jwt` (RFC 7523 §2.2).

use crate::{
    jose::{jwk::Jwk, jws::Jws},
    org::Org,
    protocol::{
        call::Call,
        error::ApiError,
        oauth_error::{invalid_client, invalid_request},
        query::Query,
    },
    state::app::App,
};

const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// How far ahead an assertion may expire, in seconds.
const LONGEST_LIFE: i64 = 3600;

/// How far ahead of the org's clock a client's may be, in seconds.
const SKEW: i64 = 300;

/// Finds out which client calls. The assertion is used up even if the request is refused for another reason later.
pub(crate) fn client(org: &mut Org, call: &Call<'_>, form: &Query) -> Result<String, ApiError> {
    match (form.get("client_assertion_type"), form.get("client_assertion")) {
        (Some(ASSERTION_TYPE), Some(assertion)) => {
            let jws = Jws::parse(assertion)
                .ok_or_else(|| invalid_client("The client_assertion JWT is not a valid JWT and cannot be parsed."))?;
            let (client_id, once) = check(org, call, form, &jws)?;
            if let Some((id, until)) = once
                && !org.oauth.assertions.take(&id, until, call.now.as_second())
            {
                return Err(invalid_client("The client_assertion token has already been used."));
            }
            Ok(client_id)
        }
        (Some(ASSERTION_TYPE), None) => Err(invalid_request("The client_assertion is required.")),
        (Some(_), _) => Err(invalid_client("The client_assertion_type is invalid.")),
        (None, Some(_)) => Err(invalid_client("The client_assertion_type is required.")),
        (None, None) if form.get("client_id").is_none() => {
            Err(invalid_client("A client_id must be provided in the request."))
        }
        (None, None) => Err(invalid_client(
            "Client authentication failed. Either the client or the client credentials are invalid.",
        )),
    }
}

/// The client, and the identifier that must not come again before the assertion has expired.
fn check(org: &Org, call: &Call<'_>, form: &Query, jws: &Jws<'_>) -> Result<(String, Option<(String, i64)>), ApiError> {
    let client_id = jws
        .claim("sub")
        .filter(|subject| jws.claim("iss") == Some(*subject))
        .ok_or_else(|| {
            invalid_client("The issuer and subject claims for client_assertion must both be the client_id.")
        })?;
    let app = org
        .oauth_client(client_id)
        .filter(|_| form.get("client_id").is_none_or(|stated| stated == client_id))
        .ok_or_else(|| invalid_client("Invalid value for 'client_id' parameter."))?;
    let key = key(app, jws).ok_or_else(|| invalid_client("The client_assertion JWT kid is invalid."))?;
    if !jws.signed_by(&key) {
        return Err(invalid_client("The client_assertion signature is invalid."));
    }
    let endpoint = call.href(call.path);
    let audience = match jws.claims.get("aud") {
        Some(serde_json::Value::Array(several)) => several.iter().any(|one| one == endpoint.as_str()),
        Some(one) => one == endpoint.as_str(),
        None => false,
    };
    if !audience {
        return Err(invalid_client(
            "The audience claim for client_assertion must be the endpoint invoked for the request.",
        ));
    }
    let now = call.now.as_second();
    let expires = jws
        .time("exp")
        .ok_or_else(|| invalid_client("The client_assertion token must have an expiration."))?;
    if expires <= now {
        return Err(invalid_client("The client_assertion token is expired."));
    }
    if expires > now + LONGEST_LIFE {
        return Err(invalid_client(
            "The client_assertion token has an expiration too far into the future.",
        ));
    }
    if ["iat", "nbf"]
        .iter()
        .filter_map(|name| jws.time(name))
        .any(|time| time > now + SKEW)
    {
        return Err(invalid_client("The client_assertion token was issued in the future."));
    }
    let once = jws.claim("jti").map(|id| (format!("{client_id} {id}"), expires));
    Ok((client_id.to_owned(), once))
}

/// The key that the assertion names; it may leave that out where there is only one.
fn key(app: &App, jws: &Jws<'_>) -> Option<Jwk> {
    let mut keys = app.public_keys();
    match jws.header.get("kid").and_then(serde_json::Value::as_str) {
        Some(kid) => keys.into_iter().find(|key| key.kid == kid),
        None if keys.len() == 1 => keys.pop(),
        None => None,
    }
}
