//! OAuth 2.0 for services: the org's authorization server and its custom ones, at `/oauth2`.

mod access;
mod assertion;
mod dpop;
mod error;
mod issued;
mod jwk;
mod jws;
mod metadata;
mod nonces;
mod once;
pub(crate) mod scopes;
mod signing;
mod token;

use http::Method;
use jiff::SignedDuration;

pub(crate) use access::Bearer;
pub(crate) use jwk::Jwk;
pub(crate) use nonces::Rotation;

use crate::{error::ApiError, org::Org, rate_limit::TOKENS, router::Route};
use access::Tokens;
use nonces::Nonces;
use once::Once;
use signing::SigningKey;

pub(crate) static ROUTES: &[Route] = &[
    post("token", "/oauth2/v1/token", token::token),
    post(
        "tokenCustomAS",
        "/oauth2/{authorizationServerId}/v1/token",
        token::token,
    ),
    post("introspect", "/oauth2/v1/introspect", issued::introspect),
    post(
        "introspectCustomAS",
        "/oauth2/{authorizationServerId}/v1/introspect",
        issued::introspect,
    ),
    post("revoke", "/oauth2/v1/revoke", issued::revoke),
    post(
        "revokeCustomAS",
        "/oauth2/{authorizationServerId}/v1/revoke",
        issued::revoke,
    ),
    get("oauthKeys", "/oauth2/v1/keys", metadata::keys),
    get(
        "oauthKeysCustomAS",
        "/oauth2/{authorizationServerId}/v1/keys",
        metadata::keys,
    ),
    get(
        "getWellKnownOAuthConfiguration",
        "/.well-known/oauth-authorization-server",
        metadata::about,
    ),
    get(
        "getWellKnownOAuthConfigurationCustomAS",
        "/oauth2/{authorizationServerId}/.well-known/oauth-authorization-server",
        metadata::about,
    ),
    get(
        "getWellKnownOpenIDConfiguration",
        "/.well-known/openid-configuration",
        metadata::about,
    ),
    get(
        "getWellKnownOpenIDConfigurationCustomAS",
        "/oauth2/{authorizationServerId}/.well-known/openid-configuration",
        metadata::about,
    ),
    get(
        "getWellknownOrgMetadata",
        "/.well-known/okta-organization",
        metadata::organization,
    ),
];

const fn post(operation: &'static str, template: &'static str, handler: crate::router::Function) -> Route {
    Route::new(operation, Method::POST, template, &TOKENS, handler).public()
}

const fn get(operation: &'static str, template: &'static str, handler: crate::router::Function) -> Route {
    Route::new(operation, Method::GET, template, &TOKENS, handler).public()
}

/// What the builder chooses.
#[derive(Clone, Copy)]
pub(crate) struct Settings {
    pub(crate) token_life: SignedDuration,
    pub(crate) nonces: Rotation,
    /// Whether proofs need a nonce at the management API too, and not only at the token endpoint.
    pub(crate) resource_nonces: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            token_life: SignedDuration::from_hours(1),
            nonces: Rotation::default(),
            resource_nonces: false,
        }
    }
}

/// What the authorization servers of one org know.
#[derive(Default)]
pub(crate) struct OAuth {
    settings: Settings,
    tokens: Tokens,
    assertions: Once,
    proofs: Once,
    token_nonces: Nonces,
    resource_nonces: Nonces,
    key: Option<SigningKey>,
}

impl OAuth {
    pub(crate) fn new(settings: Settings) -> Self {
        Self {
            settings,
            ..Self::default()
        }
    }

    /// Makes every access token worthless that was issued so far.
    pub(crate) fn revoke_all(&mut self) {
        self.tokens.clear();
    }

    /// Makes every nonce worthless that was handed out so far.
    pub(crate) fn rotate_nonces(&mut self) {
        self.token_nonces.rotate();
        self.resource_nonces.rotate();
    }
}

/// The authorization server of a path: `None` is the org's own.
fn server(org: &Org, call: &crate::call::Call<'_>) -> Result<Option<String>, ApiError> {
    match call.param("authorizationServerId") {
        "" => Ok(None),
        id if org.stored("/api/v1/authorizationServers", id).is_some() => Ok(Some(id.to_owned())),
        id => Err(ApiError::not_found(id, "AuthorizationServer")),
    }
}

fn issuer(origin: &str, server: Option<&str>) -> String {
    match server {
        None => origin.to_owned(),
        Some(id) => format!("{origin}/oauth2/{id}"),
    }
}
