//! What becomes of a token after it was issued: introspection (RFC 7662) and revocation (RFC 7009).

use serde_json::json;

use crate::{
    handlers::oauth::{assertion, server::server},
    org::Org,
    protocol::{
        call::Call,
        oauth_error::invalid_request,
        reply::{Outcome, Reply},
    },
    state::oauth::servers::issuer,
};

pub(crate) fn introspect(org: &mut Org, call: &Call<'_>) -> Outcome {
    let server = server(org, call)?;
    let form = call.form()?;
    assertion::client(org, call, &form)?;
    let token = form
        .get("token")
        .ok_or_else(|| invalid_request("The 'token' parameter is required."))?;
    let access = org.oauth.tokens.get(token);
    let active = access.filter(|access| access.expires > call.now && access.server == server);
    let Some(access) = active else {
        return Ok(Reply::ok(json!({ "active": false })));
    };
    let mut said = json!({
        "active": true,
        "scope": access.scopes.join(" "),
        "client_id": access.client_id,
        "sub": access.client_id,
        "iss": issuer(call.origin, server.as_deref()),
        "iat": access.issued.as_second(),
        "exp": access.expires.as_second(),
        "token_type": if access.bound_to.is_some() { "DPoP" } else { "Bearer" },
    });
    if let Some(thumbprint) = &access.bound_to {
        said["cnf"] = json!({ "jkt": thumbprint });
    }
    Ok(Reply::ok(said))
}

/// A token that is not the client's stays good, and that too gets 200.
pub(crate) fn revoke(org: &mut Org, call: &Call<'_>) -> Outcome {
    server(org, call)?;
    let form = call.form()?;
    let client_id = assertion::client(org, call, &form)?;
    let token = form
        .get("token")
        .ok_or_else(|| invalid_request("The 'token' parameter is required."))?;
    if org
        .oauth
        .tokens
        .get(token)
        .is_some_and(|access| access.client_id == client_id)
    {
        org.oauth.tokens.remove(token);
    }
    Ok(Reply::ok_empty())
}
