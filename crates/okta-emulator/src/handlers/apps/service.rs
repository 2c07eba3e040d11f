//! Service applications that an org begins with: the clients of its token endpoint.

use std::fmt;

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::{
    base::clock::iso,
    handlers::apps::{create, grants},
    org::Org,
    state::app::App,
};

/// An application that gets access tokens with a signed assertion (`private_key_jwt`).
///
/// It is kept as what it is in a real org, an OpenID Connect application of the type `service`, so that the API shows and
/// changes it: `POST /api/v1/apps/{id}/lifecycle/deactivate` takes its access away. Applications created through the API
/// can get tokens just as well.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[must_use = "an application does nothing until the builder is given it"]
pub struct ServiceApp {
    client_id: String,
    jwks: Value,
    #[serde(default)]
    scopes: Vec<String>,
    #[serde(default)]
    dpop: bool,
}

impl ServiceApp {
    /// A client with these public keys: a JWK set, a single JWK, or an array of them. Private members are left out.
    pub fn new(client_id: impl Into<String>, jwks: Value) -> Self {
        Self {
            client_id: client_id.into(),
            jwks,
            scopes: Vec::new(),
            dpop: false,
        }
    }

    /// Grants scopes: `okta.users.read` and the like, or any that a custom authorization server shall know.
    pub fn scopes<S: Into<String>>(mut self, scopes: impl IntoIterator<Item = S>) -> Self {
        self.scopes.extend(scopes.into_iter().map(Into::into));
        self
    }

    /// Gives out no token without a proof of possession (RFC 9449).
    pub fn dpop_required(mut self) -> Self {
        self.dpop = true;
        self
    }

    pub(crate) fn client_id(&self) -> &str {
        &self.client_id
    }

    /// The keys, whichever way they were given.
    fn keys(&self) -> Vec<Value> {
        match (&self.jwks, self.jwks.get("keys")) {
            (_, Some(Value::Array(keys))) | (Value::Array(keys), _) => keys.clone(),
            (one, _) => vec![one.clone()],
        }
    }
}

/// Puts the application into the org; the error says what is wrong with it.
pub(crate) fn plant(app: &ServiceApp, org: &mut Org, now: Timestamp) -> Result<(), String> {
    if app.client_id.is_empty() {
        return Err("the client id is empty".to_owned());
    }
    if org.apps.contains(&app.client_id) {
        return Err("there is another application with this client id".to_owned());
    }
    let keys = app.keys();
    if keys.is_empty() {
        return Err("it has no key".to_owned());
    }
    let body = json!({
        "label": format!("Service {}", app.client_id),
        "signOnMode": "OPENID_CONNECT",
        "credentials": { "oauthClient": {
            "client_id": app.client_id,
            "token_endpoint_auth_method": "private_key_jwt",
        } },
        "settings": { "oauthClient": {
            "application_type": "service",
            "grant_types": ["client_credentials"],
            "response_types": ["token"],
            "dpop_bound_access_tokens": app.dpop,
            "jwks": { "keys": keys },
        } },
    });
    let Value::Object(body) = body else { return Ok(()) };
    let mut document = create::complete(body, &app.client_id, &mut org.ids).map_err(|error| error.explain())?;
    let created = iso(now);
    create::link_to_itself(&mut document, "oidc_client");
    for (member, value) in [
        ("id", app.client_id.as_str()),
        ("name", "oidc_client"),
        ("created", &created),
        ("lastUpdated", &created),
        ("status", "ACTIVE"),
    ] {
        document.insert(member.to_owned(), json!(value));
    }
    org.apps.insert(app.client_id.clone(), App::new(document));
    let creator = org.token_owner.clone();
    for scope in &app.scopes {
        grants::add(&mut org.apps, &mut org.ids, &app.client_id, scope, &created, &creator);
    }
    Ok(())
}

impl fmt::Debug for ServiceApp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Not the keys: private ones may be among them.
        f.debug_struct("ServiceApp")
            .field("client_id", &self.client_id)
            .field("scopes", &self.scopes)
            .field("dpop", &self.dpop)
            .finish_non_exhaustive()
    }
}
