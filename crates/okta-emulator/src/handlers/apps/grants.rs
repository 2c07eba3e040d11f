//! Scopes of the management API that were granted to an application.

use http::Method;
use serde_json::{Value, json};

use crate::{
    base::{
        clock::{iso, whole_seconds},
        ids::Ids,
    },
    handlers::apps::render::href,
    org::Org,
    protocol::{
        call::Call,
        error::ApiError,
        json::{Object, text},
        reply::{Outcome, Reply},
    },
    state::app::{App, Apps},
};

pub(crate) fn list(org: &mut Org, call: &Call<'_>) -> Outcome {
    let app = org.app(call.param("appId"))?;
    Ok(Reply::ok(
        app.grants.values().map(|grant| render(app, grant, call)).collect(),
    ))
}

pub(crate) fn get(org: &mut Org, call: &Call<'_>) -> Outcome {
    let app = org.app(call.param("appId"))?;
    let id = call.param("grantId");
    let grant = app.grants.get(id).ok_or_else(|| missing(id))?;
    Ok(Reply::ok(render(app, grant, call)))
}

pub(crate) fn grant(org: &mut Org, call: &Call<'_>) -> Outcome {
    let body = call.object()?;
    let Some(scope) = text(&body, "scopeId").filter(|scope| !scope.is_empty()) else {
        return Err(ApiError::field("scopeId", "The field cannot be left blank"));
    };
    let app_id = org.app(call.param("appId"))?.id().to_owned();
    let created = iso(whole_seconds(call.now));
    let creator = org.token_owner.clone();
    let id = add(&mut org.apps, &mut org.ids, &app_id, scope, &created, &creator);
    org.record_app(call, &app_id, "app.oauth2.admin.consent.grant", "Grant admin consent");
    let app = org.app(&app_id)?;
    let grant = app.grants.get(&id).ok_or_else(|| missing(&id))?;
    Ok(Reply::ok(render(app, grant, call)))
}

/// Grants a scope, unless it was granted already; the grant's id.
pub(crate) fn add(apps: &mut Apps, ids: &mut Ids, app_id: &str, scope: &str, created: &str, creator: &str) -> String {
    let id = ids.object("oag");
    let Some(app) = apps.get_mut(app_id) else { return id };
    let known = app
        .grants
        .after(0)
        .find(|(.., grant)| text(grant, "scopeId") == Some(scope));
    if let Some((_, id, _)) = known {
        return id.to_owned();
    }
    let client_id = app.client_id().unwrap_or(app_id);
    let grant = json!({
        "id": id,
        "status": "ACTIVE",
        "created": created,
        "createdBy": { "id": creator, "type": "User" },
        "lastUpdated": created,
        "clientId": client_id,
        "scopeId": scope,
        "source": "ADMIN",
    });
    if let Value::Object(grant) = grant {
        app.grants.insert(id.clone(), grant);
    }
    id
}

pub(crate) fn revoke(org: &mut Org, call: &Call<'_>) -> Outcome {
    let app_id = org.app(call.param("appId"))?.id().to_owned();
    let id = call.param("grantId");
    let removed = org.app_mut(&app_id)?.grants.remove(id);
    removed.ok_or_else(|| missing(id))?;
    org.record_app(call, &app_id, "app.oauth2.admin.consent.revoke", "Revoke admin consent");
    Ok(Reply::no_content())
}

fn missing(id: &str) -> ApiError {
    ApiError::not_found(id, "OAuth2ScopeConsentGrant")
}

fn render(app: &App, grant: &Object, call: &Call<'_>) -> Value {
    let id = text(grant, "id").unwrap_or_default();
    let mut shown = grant.clone();
    shown.insert("issuer".to_owned(), json!(call.origin));
    shown.insert(
        "_links".to_owned(),
        json!({
            "app": { "href": href(app, call, ""), "title": app.label() },
            "self": {
                "href": href(app, call, &format!("/grants/{id}")),
                "hints": { "allow": ["GET", "DELETE"] },
            },
            "client": {
                "href": call.href(&format!("/oauth2/v1/clients/{}", app.client_id().unwrap_or_default())),
                "title": app.label(),
            },
        }),
    );
    if *call.method == Method::POST || call.query.get("expand") == Some("scope") {
        shown.insert(
            "_embedded".to_owned(),
            json!({ "scope": { "id": grant.get("scopeId") } }),
        );
    }
    Value::Object(shown)
}
