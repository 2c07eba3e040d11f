//! The token endpoint: client credentials for a signed assertion.

use http::header;
use serde_json::json;

use crate::{
    handlers::{
        authorization_servers::keys::sync,
        oauth::{assertion, server::server},
    },
    org::Org,
    protocol::{
        call::Call,
        error::ApiError,
        json::text,
        oauth_error::{
            DPOP_NONCE, consent_required, invalid_dpop_proof, invalid_request, invalid_scope, unsupported_grant_type,
            use_dpop_nonce,
        },
        query::Query,
        reply::{Outcome, Reply},
    },
    state::{
        app::App,
        oauth::{
            dpop::{self, Proof, Subject},
            servers::issuer,
            token::Access,
        },
        system_log::event::{Change, Target},
    },
};

pub(crate) fn token(org: &mut Org, call: &Call<'_>) -> Outcome {
    let server = server(org, call)?;
    let form = call.form()?;
    match form.get("grant_type") {
        Some("client_credentials") => {}
        Some(_) => return Err(unsupported_grant_type()),
        None => return Err(invalid_request("The 'grant_type' parameter is required.")),
    }
    let client_id = assertion::client(org, call, &form)?;
    let proof = proof(org, call, &client_id)?;
    let scopes = scopes(org, &client_id, &form, server.as_deref())?;

    let life = org.oauth.settings.token_life;
    let id = format!("AT.{}", org.ids.text(43));
    let issuer = issuer(call.origin, server.as_deref());
    let bound_to = proof.as_ref().map(|proof| proof.thumbprint.clone());
    let access = Access {
        client_id: client_id.clone(),
        scopes: scopes.clone(),
        issued: call.now,
        expires: call.now.checked_add(life).unwrap_or(call.now),
        bound_to: bound_to.clone(),
        server: server.clone(),
    };
    let mut claims = json!({
        "ver": 1,
        "jti": id,
        "iss": issuer,
        "aud": server.map_or_else(|| call.origin.to_owned(), |id| format!("api://{id}")),
        "sub": client_id,
        "iat": call.now.as_second(),
        "exp": access.expires.as_second(),
        "cid": client_id,
        "scp": scopes,
    });
    if let Some(thumbprint) = bound_to {
        claims["cnf"] = json!({ "jkt": thumbprint });
    }
    if let Some(server) = &access.server {
        sync(org, server, call)?;
    }
    let text = org.oauth.sign(access.server.as_deref(), &claims)?;
    org.oauth.tokens.retain(|_, access| access.expires > call.now);
    org.oauth.tokens.insert(text.clone(), access);
    record(org, call, &client_id);

    let reply = Reply::ok(json!({
        "token_type": if proof.is_some() { "DPoP" } else { "Bearer" },
        "expires_in": life.as_secs(),
        "access_token": text,
        "scope": scopes.join(" "),
    }))
    .header(header::CACHE_CONTROL, "no-cache, no-store")
    .header(header::PRAGMA, "no-cache");
    // A client that used the last of a nonce gets the next one.
    let used = proof.and_then(|proof| proof.nonce);
    let Some(used) = used else { return Ok(reply) };
    let next = org
        .oauth
        .token_nonces
        .next(org.oauth.settings.nonces, &mut org.ids, call.now);
    Ok(if next == used {
        reply
    } else {
        reply.header(DPOP_NONCE, &next)
    })
}

/// The proof, which only a client that is not bound to proofs may leave out.
fn proof(org: &mut Org, call: &Call<'_>, client_id: &str) -> Result<Option<Proof>, ApiError> {
    let required = org.oauth_client(client_id).is_some_and(App::dpop_required);
    let proof = dpop::proof(&Subject::of(call), &mut org.oauth.proofs).map_err(invalid_dpop_proof)?;
    let Some(proof) = proof else {
        return match required {
            true => Err(invalid_dpop_proof("The DPoP proof JWT header is missing.")),
            false => Ok(None),
        };
    };
    let nonces = &mut org.oauth.token_nonces;
    nonces
        .check(
            proof.nonce.as_deref(),
            org.oauth.settings.nonces,
            &mut org.ids,
            call.now,
        )
        .map_err(|nonce| use_dpop_nonce(&nonce))?;
    Ok(Some(proof))
}

/// Whether a custom server has a scope that was created there: its system scopes are for people, not for services.
fn created(org: &Org, server: &str, scope: &str) -> bool {
    let scopes = org
        .resources
        .collections
        .get(&format!("/api/v1/authorizationServers/{server}/scopes"));
    scopes.is_some_and(|scopes| {
        scopes
            .values()
            .any(|known| text(known, "name") == Some(scope) && known.get("system") != Some(&json!(true)))
    })
}

/// The scopes asked for: each is granted to the client, or was created at the custom server.
fn scopes(org: &Org, client_id: &str, form: &Query, server: Option<&str>) -> Result<Vec<String>, ApiError> {
    let asked: Vec<&str> = form.get("scope").unwrap_or_default().split_whitespace().collect();
    if asked.is_empty() {
        return Err(invalid_scope(
            "The authorization server resource does not have any configured default scopes, 'scope' must be provided.",
        ));
    }
    let granted = org.oauth_client(client_id).map(App::scopes).unwrap_or_default();
    let ungranted = |scope: &&&str| {
        !granted.contains(&(**scope).to_owned()) && !server.is_some_and(|server| created(org, server, scope))
    };
    match asked.iter().find(ungranted) {
        None => Ok(asked.into_iter().map(str::to_owned).collect()),
        // Scopes of the management API exist whether or not a client has them; a custom server has those that were created.
        Some(scope) if server.is_none() && (scope.starts_with("okta.") || scope.starts_with("ssf.")) => {
            Err(consent_required())
        }
        Some(_) => Err(invalid_scope(
            "One or more scopes are not configured for the authorization server resource.",
        )),
    }
}

fn record(org: &mut Org, call: &Call<'_>, client_id: &str) {
    let change = Change::new(
        "app.oauth2.as.token.grant.access_token",
        "OAuth2 access token is granted",
    );
    let label = org
        .oauth_client(client_id)
        .map(|app| app.label().to_owned())
        .unwrap_or_default();
    org.record(
        call,
        change.target(Target::new(client_id, "PublicClientApp", client_id, &label)),
    );
}
