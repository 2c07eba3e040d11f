//! Metadata of the authorization servers (RFC 8414), which need no credentials.

use serde_json::json;

use crate::{
    handlers::{authorization_servers::keys::sync, oauth::server::server},
    org::Org,
    protocol::{
        call::Call,
        reply::{Outcome, Reply},
    },
    state::oauth::{dpop::ALGORITHMS, servers::issuer},
};

pub(crate) fn keys(org: &mut Org, call: &Call<'_>) -> Outcome {
    let keys = match server(org, call)? {
        Some(server) => {
            sync(org, &server, call)?;
            org.oauth.ring(&server)?.verifying()
        }
        None => vec![org.oauth.public_key()?],
    };
    Ok(Reply::ok(json!({ "keys": keys })))
}

pub(crate) fn about(org: &mut Org, call: &Call<'_>) -> Outcome {
    let server = server(org, call)?;
    let issuer = issuer(call.origin, server.as_deref());
    let endpoints = match server {
        None => format!("{issuer}/oauth2/v1"),
        Some(_) => format!("{issuer}/v1"),
    };
    Ok(Reply::ok(json!({
        "issuer": issuer,
        "token_endpoint": format!("{endpoints}/token"),
        "introspection_endpoint": format!("{endpoints}/introspect"),
        "revocation_endpoint": format!("{endpoints}/revoke"),
        "jwks_uri": format!("{endpoints}/keys"),
        "grant_types_supported": ["client_credentials"],
        "response_types_supported": ["token"],
        "subject_types_supported": ["public"],
        "token_endpoint_auth_methods_supported": ["private_key_jwt"],
        "introspection_endpoint_auth_methods_supported": ["private_key_jwt"],
        "revocation_endpoint_auth_methods_supported": ["private_key_jwt"],
        "claims_supported": ["ver", "jti", "iss", "aud", "iat", "exp", "cid", "scp", "sub"],
        "dpop_signing_alg_values_supported": ALGORITHMS,
    })))
}

pub(crate) fn organization(org: &mut Org, call: &Call<'_>) -> Outcome {
    Ok(Reply::ok(json!({
        "id": org.id,
        "cell": "emulator",
        "_links": { "organization": { "href": call.origin } },
        "pipeline": if org.is_classic { "v1" } else { "idx" },
        "settings": {
            "analyticsCollectionEnabled": false,
            "desktopMFAEnabled": false,
            "itpEnabled": true,
            "op4wEnabled": true,
            "bugReportingEnabled": false,
            "omEnabled": false,
            "pssoEnabled": false,
        },
    })))
}
