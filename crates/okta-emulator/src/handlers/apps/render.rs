//! An application as the API shows it.

use serde_json::{Value, json};

use crate::{
    protocol::{call::Call, json::text},
    state::{app::App, usual},
};

pub(crate) fn render(app: &App, call: &Call<'_>) -> Value {
    let link = |rest: &str| json!({ "href": href(app, call, rest) });
    let switch = if app.is_active() { "deactivate" } else { "activate" };
    let mut links = json!({
        "uploadLogo": { "href": href(app, call, "/logo"), "hints": { "allow": ["POST"] } },
        "appLinks": [{ "name": "login", "href": sign_on(app, call), "type": "text/html" }],
        "logo": [{
            "name": "medium",
            "href": call.href(app.logo.as_deref().unwrap_or("/assets/img/logos/default.png")),
            "type": "image/png",
        }],
        "accessPolicy": { "href": call.href(&format!("/api/v1/policies/{}", app.access_policy())) },
        "profileEnrollment": { "href": call.href(&format!("/api/v1/policies/{}", app.profile_enrollment())) },
        "users": link("/users"),
        "groups": link("/groups"),
        switch: link(&format!("/lifecycle/{switch}")),
    });
    match text(&app.document, "signOnMode") {
        Some("SAML_2_0" | "SAML_1_1") => {
            links["metadata"] = json!({ "href": href(app, call, "/sso/saml/metadata"), "type": "application/xml" });
        }
        Some("OPENID_CONNECT") => {
            links["clientCredentials"] =
                json!([{ "name": "secrets", "href": href(app, call, "/credentials/secrets") }]);
        }
        _ => {}
    }
    let mut document = app.document.clone();
    document.insert("_links".to_owned(), links);
    usual::fill(
        "/api/v1/apps",
        &mut document,
        &usual::Place::of(call, &format!("/api/v1/apps/{}", app.id())),
    );
    Value::Object(document)
}

/// Where a user signs on to it.
pub(crate) fn sign_on(app: &App, call: &Call<'_>) -> String {
    let link = app.id().get(3..).unwrap_or_default();
    call.href(&format!("/home/{}/{}/{link}", app.name(), app.id()))
}

pub(crate) fn href(app: &App, call: &Call<'_>, rest: &str) -> String {
    call.href(&format!("/api/v1/apps/{}{rest}", app.id()))
}
