//! OAuth 2.0 for services: the org's authorization server and its custom ones, at `/oauth2`.

pub(crate) mod assertion;
pub(crate) mod issued;
pub(crate) mod metadata;
pub(crate) mod server;
pub(crate) mod token;

use http::Method;

use crate::{
    org::Org,
    routing::{
        bucket::TOKENS,
        route::{Handler, Route},
    },
};

pub(crate) static ROUTES: &[Route<Org>] = &[
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

const fn post(operation: &'static str, template: &'static str, handler: Handler<Org>) -> Route<Org> {
    Route::new(operation, Method::POST, template, &TOKENS, handler).public()
}

const fn get(operation: &'static str, template: &'static str, handler: Handler<Org>) -> Route<Org> {
    Route::new(operation, Method::GET, template, &TOKENS, handler).public()
}
