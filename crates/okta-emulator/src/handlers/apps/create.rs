//! Creating and replacing applications.

use serde_json::{Value, json};

use crate::{
    base::{
        clock::{iso, whole_seconds},
        ids::Ids,
    },
    handlers::{apps::render::render, keys::models},
    jose::jwk::Jwk,
    org::Org,
    protocol::{
        call::Call,
        error::ApiError,
        json::{Object, object, text},
        reply::{Outcome, Reply},
    },
    state::app::App,
};

/// Ways to sign on.
const SIGN_ON_MODES: [&str; 9] = [
    "AUTO_LOGIN",
    "BASIC_AUTH",
    "BOOKMARK",
    "BROWSER_PLUGIN",
    "OPENID_CONNECT",
    "SAML_1_1",
    "SAML_2_0",
    "SECURE_PASSWORD_STORE",
    "WS_FEDERATION",
];

/// The templates that come with every org, and how their users sign on.
const TEMPLATES: [(&str, &str); 7] = [
    ("bookmark", "BOOKMARK"),
    ("oidc_client", "OPENID_CONNECT"),
    ("template_basic_auth", "BASIC_AUTH"),
    ("template_sps", "SECURE_PASSWORD_STORE"),
    ("template_swa", "BROWSER_PLUGIN"),
    ("template_swa3field", "BROWSER_PLUGIN"),
    ("template_wsfed", "WS_FEDERATION"),
];

/// Whether an application is made of a template.
pub(crate) fn is_template(name: &str) -> bool {
    TEMPLATES.iter().any(|(template, _)| *template == name)
}

/// Members that belong to the org, whatever a request says.
const OWN_MEMBERS: [&str; 6] = ["id", "name", "status", "created", "_links", "_embedded"];

pub(crate) fn create(org: &mut Org, call: &Call<'_>) -> Outcome {
    let body = call.object()?;
    let id = org.ids.object("0oa");
    let mut document = complete(body, &id, &mut org.ids)?;
    let name = match text(&document, "name") {
        Some(name) if !name.is_empty() => name.to_owned(),
        _ => own_name(
            &document,
            org.apps.values().filter(|app| !app.is_of_the_org()).count() + 1,
        ),
    };
    let now = iso(whole_seconds(call.now));
    let status = if call.flag("activate", true) {
        "ACTIVE"
    } else {
        "INACTIVE"
    };
    link_to_itself(&mut document, &name);
    for (member, value) in [
        ("id", &id),
        ("name", &name),
        ("created", &now),
        ("lastUpdated", &now),
        ("status", &status.to_owned()),
    ] {
        document.insert(member.to_owned(), json!(value));
    }
    if document.get("accessibility").and_then(|all| all.get("selfService")) == Some(&json!(true)) {
        // It has to be enabled for the whole org, which the API cannot do.
        return Err(ApiError::no_self_service());
    }
    let app = App::new(document);
    let reply = Reply::ok(render(&app, call));
    let secret = oauth_credential(&app.document, "client_secret")
        .and_then(Value::as_str)
        .map(str::to_owned);
    let (kind, label) = (app.name().to_owned(), app.label().to_owned());
    org.apps.insert(id.clone(), app);
    if let Some(secret) = secret {
        let secret_id = org.ids.object("ocs");
        let stored = models::secret(&secret_id, &secret, &now);
        let secrets = org
            .resources
            .collection(&format!("/api/v1/apps/{id}/credentials/secrets"));
        secrets.insert(secret_id, stored);
    }
    map_profiles(org, (&id, &kind, &label), &now);
    org.record_app(call, &id, "application.lifecycle.create", "Create application");
    Ok(reply)
}

pub(crate) fn replace(org: &mut Org, call: &Call<'_>) -> Outcome {
    let app = org.app(call.param("appId"))?;
    let id = app.id().to_owned();
    if !app.is_active() && text(&app.document, "signOnMode") == Some("AUTO_LOGIN") {
        return Err(ApiError::no_active_instance());
    }
    let mut document = complete(call.object()?, &id, &mut org.ids)?;
    let app = org.app_mut(&id)?;
    let name = app.name().to_owned();
    link_to_itself(&mut document, &name);
    for member in OWN_MEMBERS {
        document.remove(member);
        document.extend(app.document.get(member).map(|value| (member.to_owned(), value.clone())));
    }
    // A client's id and secret are the org's to say.
    let kept = ["client_id", "client_secret"]
        .into_iter()
        .filter_map(|member| Some((member.to_owned(), oauth_credential(&app.document, member)?.clone())));
    if let Some(Value::Object(client)) = document
        .get_mut("credentials")
        .and_then(|all| all.get_mut("oauthClient"))
    {
        client.extend(kept);
    }
    document.insert("lastUpdated".to_owned(), json!(iso(whole_seconds(call.now))));
    app.document = document;
    let reply = Reply::ok(render(app, call));
    org.record_app(call, &id, "application.lifecycle.update", "Update application");
    Ok(reply)
}

/// An application that states no links has one, named after it; those of the templates are called `login`.
pub(crate) fn link_to_itself(document: &mut Object, name: &str) {
    let link = if name != "oidc_client" && is_template(name) {
        "login".to_owned()
    } else {
        format!("{name}_link")
    };
    let links = document.get_mut("visibility").and_then(|all| all.get_mut("appLinks"));
    if let Some(Value::Object(links)) = links
        && links.is_empty()
    {
        links.insert(link, json!(true));
    }
}

/// Profiles of users and of the application's users are mapped to each other, both ways.
fn map_profiles(org: &mut Org, (id, name, label): (&str, &str, &str), now: &str) {
    let own = json!({ "id": id, "name": name, "type": "appuser", "label": label });
    let user = json!({ "id": org.default_user_type, "name": "user", "type": "user" });
    for (source, target) in [(&own, &user), (&user, &own)] {
        let mapping = org.ids.object("prm");
        let object = [
            ("id", json!(mapping)),
            ("source", source.clone()),
            ("target", target.clone()),
            ("properties", json!({})),
            ("created", json!(now)),
            ("lastUpdated", json!(now)),
        ];
        let object = object.map(|(member, value)| (member.to_owned(), value));
        org.resources
            .collection("/api/v1/mappings")
            .insert(mapping, object.into_iter().collect());
    }
}

fn oauth_credential<'a>(document: &'a Object, member: &str) -> Option<&'a Value> {
    object(object(document, "credentials")?, "oauthClient")?.get(member)
}

/// Checks what was stated and adds what Okta adds.
pub(crate) fn complete(mut body: Object, id: &str, ids: &mut Ids) -> Result<Object, ApiError> {
    if text(&body, "label").is_none_or(|label| label.trim().is_empty()) {
        return Err(ApiError::field("label", "The field cannot be left blank"));
    }
    body.remove("_links");
    let template = TEMPLATES.iter().find(|(name, _)| text(&body, "name") == Some(*name));
    let mode = match (body.get("signOnMode"), template) {
        (Some(Value::String(mode)), _) if SIGN_ON_MODES.contains(&mode.as_str()) => Value::from(mode.as_str()),
        (None | Some(Value::Null), Some((_, mode))) => Value::from(*mode),
        // Catalogue applications may sign on in no way of these.
        (None | Some(Value::Null), None) if body.contains_key("name") => Value::Null,
        (None | Some(Value::Null), None) => {
            return Err(ApiError::field("signOnMode", "The field cannot be left blank"));
        }
        _ => return Err(ApiError::malformed_body()),
    };
    let openid = mode == "OPENID_CONNECT";
    let mut document = json!({
        "accessibility": { "selfService": false, "errorRedirectUrl": null, "loginRedirectUrl": null },
        "visibility": {
            "autoLaunch": false,
            "autoSubmitToolbar": false,
            "hide": { "iOS": false, "web": false },
            "appLinks": {},
        },
        "features": [],
        "credentials": {
            "userNameTemplate": { "template": "${source.login}", "type": "BUILT_IN" },
            "signing": {},
        },
        "settings": {
            "app": {},
            "notifications": { "vpn": { "network": { "connection": "DISABLED" }, "message": null, "helpUrl": null } },
            "manualProvisioning": false,
            "implicitAssignment": false,
            "notes": { "admin": null, "enduser": null },
        },
    });
    if matches!(mode.as_str(), Some("OPENID_CONNECT" | "SAML_2_0" | "SAML_1_1")) {
        document["credentials"]["signing"] = json!({ "kid": ids.text(43) });
    }
    merge(&mut document, Value::Object(body))?;
    document["signOnMode"] = mode;
    hide_password(&mut document);
    if openid {
        complete_oauth(&mut document, id, ids)?;
    }
    match document {
        Value::Object(document) => Ok(document),
        _ => Err(ApiError::malformed_body()),
    }
}

/// What a client needs, and the keys it brings.
fn complete_oauth(document: &mut Value, id: &str, ids: &mut Ids) -> Result<(), ApiError> {
    let mut credentials = json!({
        "autoKeyRotation": true,
        "client_id": id,
        "token_endpoint_auth_method": "client_secret_basic",
    });
    merge(&mut credentials, document["credentials"]["oauthClient"].take())?;
    if credentials.get("pkce_required").is_none_or(Value::is_null) {
        let kind = &document["settings"]["oauthClient"]["application_type"];
        credentials["pkce_required"] = json!(kind == "browser" || kind == "native");
    }
    let secret = credentials["token_endpoint_auth_method"]
        .as_str()
        .is_some_and(|method| method.starts_with("client_secret"));
    if secret && credentials.get("client_secret").is_none() {
        credentials["client_secret"] = json!(ids.text(64));
    }
    document["credentials"]["oauthClient"] = credentials;

    let mut settings = json!({
        "client_uri": null,
        "logo_uri": null,
        "redirect_uris": [],
        "response_types": [],
        "grant_types": [],
        "application_type": "web",
        "consent_method": "TRUSTED",
        "issuer_mode": "ORG_URL",
        "idp_initiated_login": { "mode": "DISABLED", "default_scope": [] },
        "wildcard_redirect": "DISABLED",
        "dpop_bound_access_tokens": false,
    });
    merge(&mut settings, document["settings"]["oauthClient"].take())?;
    complete_tokens(&mut settings);
    let keys = settings.get_mut("jwks").and_then(|jwks| jwks.get_mut("keys"));
    if let Some(keys) = keys.and_then(Value::as_array_mut) {
        for key in keys {
            let jwk = key.as_object().ok_or_else(ApiError::malformed_body)?;
            *key = Jwk::of(jwk)
                .map_err(|problem| ApiError::validation("JsonWebKey", [problem]))?
                .show();
        }
    } else if let Some(settings) = settings.as_object_mut() {
        settings.remove("jwks");
    }
    document["settings"]["oauthClient"] = settings;
    Ok(())
}

/// What depends on the ways in which a client gets tokens and is logged out.
fn complete_tokens(settings: &mut Value) {
    let grants = settings["grant_types"].as_array().cloned().unwrap_or_default();
    let has = |grant: &str| grants.iter().any(|known| known == grant);
    let mut usual = json!({});
    if has("refresh_token") {
        usual["refresh_token"] = json!({ "rotation_type": "STATIC", "leeway": 0 });
    }
    if has("urn:openid:params:grant-type:ciba") {
        usual["backchannel_token_delivery_mode"] = json!("poll");
    }
    if settings.get("frontchannel_logout_uri").is_some_and(Value::is_string) {
        usual["frontchannel_logout_session_required"] = json!(false);
    }
    let Value::Object(usual) = usual else { return };
    for (name, value) in usual {
        match (settings.get_mut(&name), value) {
            (Some(Value::Object(stated)), Value::Object(usual)) => {
                for (name, value) in usual {
                    stated.entry(name).or_insert(value);
                }
            }
            (None | Some(Value::Null), value) => settings[&name] = value,
            _ => {}
        }
    }
}

/// Passwords are taken and never shown.
fn hide_password(document: &mut Value) {
    if let Some(Value::Object(credentials)) = document.get_mut("credentials")
        && credentials.contains_key("password")
    {
        credentials.insert("password".to_owned(), json!({}));
    }
}

/// Lays `stated` over `usual`, member by member; what has to be an object cannot be stated as anything else.
fn merge(usual: &mut Value, stated: Value) -> Result<(), ApiError> {
    match (usual, stated) {
        (Value::Object(usual), Value::Object(stated)) => {
            for (name, value) in stated {
                merge(usual.entry(name).or_insert(Value::Null), value)?;
            }
        }
        (_, Value::Null) => {}
        (Value::Object(_), _) => return Err(ApiError::malformed_body()),
        (usual, stated) => *usual = stated,
    }
    Ok(())
}

/// The name of an application that is of no template and not in the catalogue: made of the label.
fn own_name(document: &Object, number: usize) -> String {
    let label = text(document, "label").unwrap_or_default().to_lowercase();
    let label: String = label.chars().filter(char::is_ascii_alphanumeric).collect();
    format!("emulator_{label}_{number}")
}
