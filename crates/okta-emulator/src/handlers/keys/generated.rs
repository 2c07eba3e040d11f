//! Keys that the org generates: list, get, generate, clone.

use http::{Method, header};
use serde_json::Value;

use crate::{
    handlers::keys::{Owner, keys_of, new_key, shown},
    org::Org,
    protocol::{
        call::Call,
        error::ApiError,
        json::{Object, text},
        reply::{Outcome, Reply},
    },
    routing::{
        bucket::{APP_BY_ID, Bucket, OTHER},
        route::{Handler, Route},
    },
};

pub(crate) static ROUTES: &[Route<Org>] = &[
    app(
        "listApplicationKeys",
        Method::GET,
        "/api/v1/apps/{appId}/credentials/keys",
        list,
    ),
    app(
        "getApplicationKey",
        Method::GET,
        "/api/v1/apps/{appId}/credentials/keys/{keyId}",
        get,
    ),
    app(
        "generateApplicationKey",
        Method::POST,
        "/api/v1/apps/{appId}/credentials/keys/generate",
        generate_for_app,
    ),
    app(
        "cloneApplicationKey",
        Method::POST,
        "/api/v1/apps/{appId}/credentials/keys/{keyId}/clone",
        clone_to_app,
    ),
    idp(
        "listIdentityProviderSigningKeys",
        Method::GET,
        "/api/v1/idps/{idpId}/credentials/keys",
        list,
    ),
    idp(
        "listActiveIdentityProviderSigningKey",
        Method::GET,
        "/api/v1/idps/{idpId}/credentials/keys/active",
        active,
    ),
    idp(
        "getIdentityProviderSigningKey",
        Method::GET,
        "/api/v1/idps/{idpId}/credentials/keys/{keyId}",
        get,
    ),
    idp(
        "generateIdentityProviderSigningKey",
        Method::POST,
        "/api/v1/idps/{idpId}/credentials/keys/generate",
        generate_for_idp,
    ),
    idp(
        "cloneIdentityProviderKey",
        Method::POST,
        "/api/v1/idps/{idpId}/credentials/keys/{keyId}/clone",
        clone_to_idp,
    ),
];

const fn app(operation: &'static str, method: Method, template: &'static str, handler: Handler<Org>) -> Route<Org> {
    of(operation, method, template, &APP_BY_ID, handler)
}

const fn idp(operation: &'static str, method: Method, template: &'static str, handler: Handler<Org>) -> Route<Org> {
    of(operation, method, template, &OTHER, handler)
}

const fn of(
    operation: &'static str,
    method: Method,
    template: &'static str,
    bucket: &'static Bucket,
    handler: Handler<Org>,
) -> Route<Org> {
    Route::new(operation, method, template, bucket, handler)
}

fn owner(org: &Org, call: &Call<'_>) -> Result<Owner, ApiError> {
    match call.param("appId") {
        "" => Owner::idp(org, call.param("idpId")),
        id => Owner::app(org, id),
    }
}

fn list(org: &mut Org, call: &Call<'_>) -> Outcome {
    let owner = owner(org, call)?;
    let keys = keys_of(org, call, &owner)?;
    Ok(Reply::ok(keys.into_iter().map(shown).collect()))
}

fn active(org: &mut Org, call: &Call<'_>) -> Outcome {
    let owner = owner(org, call)?;
    let keys = keys_of(org, call, &owner)?.into_iter();
    let signing = keys.filter(|key| text(key, "kid") == owner.kid.as_deref());
    Ok(Reply::ok(signing.map(shown).collect()))
}

fn get(org: &mut Org, call: &Call<'_>) -> Outcome {
    let owner = owner(org, call)?;
    Ok(Reply::ok(shown(key(org, call, &owner)?)))
}

fn key(org: &mut Org, call: &Call<'_>, owner: &Owner) -> Result<Object, ApiError> {
    let kid = call.param("keyId");
    let mut keys = keys_of(org, call, owner)?.into_iter();
    keys.find(|key| text(key, "kid") == Some(kid))
        .ok_or_else(|| ApiError::not_found(kid, "JsonWebKey"))
}

fn generate_for_app(org: &mut Org, call: &Call<'_>) -> Outcome {
    let (key, address) = generate(org, call)?;
    Ok(Reply::created(key).header(header::LOCATION, &address))
}

/// The one operation that creates and does not say so.
fn generate_for_idp(org: &mut Org, call: &Call<'_>) -> Outcome {
    let (key, address) = generate(org, call)?;
    Ok(Reply::ok(key).header(header::LOCATION, &address))
}

fn generate(org: &mut Org, call: &Call<'_>) -> Result<(Value, String), ApiError> {
    let owner = owner(org, call)?;
    let years = call.query.get("validityYears").and_then(|years| years.parse().ok());
    let years = years
        .filter(|years| (2..=10).contains(years))
        .ok_or_else(ApiError::validity)?;
    let kid = org.ids.text(43);
    let key = new_key(kid.clone(), years, call)?;
    Ok(put(org, call, &owner, kid, key))
}

fn put(org: &mut Org, call: &Call<'_>, owner: &Owner, kid: String, key: Object) -> (Value, String) {
    let address = call.href(&format!("{}/{kid}", owner.keys()));
    org.resources.collection(&owner.keys()).insert(kid, key.clone());
    (shown(key), address)
}

fn clone_to_app(org: &mut Org, call: &Call<'_>) -> Outcome {
    let target = Owner::app(org, call.query.get("targetAid").unwrap_or_default())?;
    clone(org, call, &target, "app")
}

fn clone_to_idp(org: &mut Org, call: &Call<'_>) -> Outcome {
    let target = Owner::idp(org, call.query.get("targetIdpId").unwrap_or_default())?;
    clone(org, call, &target, "IdP")
}

/// Shares a key with another application or identity provider.
fn clone(org: &mut Org, call: &Call<'_>, target: &Owner, kind: &str) -> Outcome {
    let owner = owner(org, call)?;
    let key = key(org, call, &owner)?;
    let kid = text(&key, "kid").unwrap_or_default().to_owned();
    if org.stored(&target.keys(), &kid).is_some() {
        let cause = format!("Key already exists in the list of key credentials for the target {kind}.");
        return Err(ApiError::validation("keyCredential", [cause]));
    }
    let (key, address) = put(org, call, target, kid, key);
    Ok(Reply::created(key).header(header::LOCATION, &address))
}
