//! Keys with which authorization servers sign: one that is active, the next one, and those that have expired.

use http::Method;
use serde_json::{Value, json};

use crate::{
    handlers::authorization_servers::rotated,
    org::Org,
    protocol::{
        call::Call,
        error::ApiError,
        json::text,
        reply::{Outcome, Reply},
    },
    routing::{bucket::OTHER, route::Route},
};

const SERVERS: &str = "/api/v1/authorizationServers";

pub(crate) static ROUTES: &[Route<Org>] = &[
    Route::new(
        "listAuthorizationServerKeys",
        Method::GET,
        "/api/v1/authorizationServers/{authServerId}/credentials/keys",
        &OTHER,
        list,
    ),
    Route::new(
        "getAuthorizationServerKey",
        Method::GET,
        "/api/v1/authorizationServers/{authServerId}/credentials/keys/{keyId}",
        &OTHER,
        get,
    ),
    Route::new(
        "rotateAuthorizationServerKeys",
        Method::POST,
        "/api/v1/authorizationServers/{authServerId}/credentials/lifecycle/keyRotate",
        &OTHER,
        rotate,
    ),
];

/// The server of the path.
fn server(org: &Org, call: &Call<'_>) -> Result<String, ApiError> {
    let id = call.param("authServerId");
    let server = org
        .stored(SERVERS, id)
        .ok_or_else(|| ApiError::not_found(id, "AuthorizationServer"))?;
    Ok(text(server, "id").unwrap_or(id).to_owned())
}

/// Every key of the server, with its status.
fn keys(org: &mut Org, server: &str, call: &Call<'_>) -> Result<Vec<Value>, ApiError> {
    let keys = org.oauth.ring(server)?.published()?;
    let shown = keys.into_iter().map(|(status, mut key)| {
        let own = format!(
            "{SERVERS}/{server}/credentials/keys/{}",
            key["kid"].as_str().unwrap_or_default()
        );
        key["status"] = json!(status);
        key["alg"] = json!("RS256");
        key["_links"] = json!({ "self": { "href": call.href(&own), "hints": { "allow": ["GET"] } } });
        key
    });
    Ok(shown.collect())
}

fn list(org: &mut Org, call: &Call<'_>) -> Outcome {
    let server = server(org, call)?;
    sync(org, &server, call)?;
    Ok(Reply::ok(keys(org, &server, call)?.into_iter().collect()))
}

fn get(org: &mut Org, call: &Call<'_>) -> Outcome {
    let server = server(org, call)?;
    sync(org, &server, call)?;
    let id = call.param("keyId");
    let mut keys = keys(org, &server, call)?.into_iter();
    let key = keys.find(|key| key["kid"] == id);
    Ok(Reply::ok(key.ok_or_else(|| ApiError::not_found(id, "JsonWebKey"))?))
}

fn rotate(org: &mut Org, call: &Call<'_>) -> Outcome {
    let server = server(org, call)?;
    if let Some(purpose) = call.optional_object()?.get("use")
        && purpose != "sig"
    {
        return Err(ApiError::validation(
            "use",
            ["Invalid value specified for key 'use' parameter".to_owned()],
        ));
    }
    sync(org, &server, call)?;
    org.oauth.ring(&server)?.rotate()?;
    sync(org, &server, call)?;
    Ok(Reply::ok(keys(org, &server, call)?.into_iter().collect()))
}

/// The server names the key with which it signs.
pub(crate) fn sync(org: &mut Org, server: &str, call: &Call<'_>) -> Result<(), ApiError> {
    let stated = org.stored(SERVERS, server).and_then(|server| {
        let signing = server.get("credentials")?.get("signing")?;
        Some(signing.clone())
    });
    let stated_kid = stated.as_ref().and_then(|signing| signing["kid"].as_str());
    let kid = org.oauth.ring_with(server, stated_kid)?.kid().to_owned();
    if stated_kid == Some(kid.as_str()) {
        return Ok(());
    }
    let mut signing = rotated(&kid, call);
    if let Some(mode) = stated.as_ref().map(|signing| signing["rotationMode"].clone()) {
        signing["rotationMode"] = mode;
    }
    if let Some(server) = org.resources.collection(SERVERS).get_mut(server) {
        server.insert("credentials".to_owned(), json!({ "signing": signing }));
    }
    Ok(())
}
