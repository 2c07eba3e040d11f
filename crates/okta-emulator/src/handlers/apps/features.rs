//! Provisioning features of an application. Templates have none.

use http::Method;
use serde_json::{Value, json};

use crate::{
    handlers::apps::create::is_template,
    org::Org,
    protocol::{
        call::Call,
        error::ApiError,
        json::Object,
        reply::{Outcome, Reply},
    },
    routing::{bucket::APP_BY_ID, route::Route},
};

const FEATURES: &str = "/api/v1/apps/{appId}/features";

const FEATURE: &str = "/api/v1/apps/{appId}/features/{featureName}";

pub(crate) static ROUTES: &[Route<Org>] = &[
    Route::new("listFeaturesForApplication", Method::GET, FEATURES, &APP_BY_ID, list),
    Route::new("getFeatureForApplication", Method::GET, FEATURE, &APP_BY_ID, get),
    Route::new("updateFeatureForApplication", Method::PUT, FEATURE, &APP_BY_ID, update),
];

const NAMES: [&str; 2] = ["USER_PROVISIONING", "INBOUND_PROVISIONING"];

/// The path of the application's features.
fn place(org: &Org, call: &Call<'_>) -> Result<String, ApiError> {
    let app = org.app(call.param("appId"))?;
    if is_template(app.name()) {
        return Err(ApiError::validation(
            "feature",
            ["Provisioning is not supported.".to_owned()],
        ));
    }
    Ok(format!("/api/v1/apps/{}/features", app.id()))
}

fn named(call: &Call<'_>) -> Result<&'static str, ApiError> {
    let wanted = call.param("featureName");
    let known = NAMES.into_iter().find(|name| *name == wanted);
    known.ok_or_else(|| ApiError::not_found(wanted, "AppFeature"))
}

fn list(org: &mut Org, call: &Call<'_>) -> Outcome {
    let place = place(org, call)?;
    Ok(Reply::ok(
        NAMES.into_iter().map(|name| render(org, &place, name, call)).collect(),
    ))
}

fn get(org: &mut Org, call: &Call<'_>) -> Outcome {
    let place = place(org, call)?;
    Ok(Reply::ok(render(org, &place, named(call)?, call)))
}

/// Stated capabilities are laid over those there are.
fn update(org: &mut Org, call: &Call<'_>) -> Outcome {
    let stated = call.object()?;
    let place = place(org, call)?;
    let name = named(call)?;
    let mut capabilities = org.stored(&place, name).cloned().unwrap_or_default();
    capabilities.remove("id");
    lay(&mut capabilities, stated);
    capabilities.insert("id".to_owned(), json!(name));
    org.resources.collection(&place).insert(name.to_owned(), capabilities);
    Ok(Reply::ok(render(org, &place, name, call)))
}

fn lay(under: &mut Object, over: Object) {
    for (name, value) in over {
        match (under.get_mut(&name), value) {
            (Some(Value::Object(under)), Value::Object(over)) => lay(under, over),
            (_, value) => {
                under.insert(name, value);
            }
        }
    }
}

fn render(org: &Org, place: &str, name: &str, call: &Call<'_>) -> Value {
    let (description, usual) = if name == "USER_PROVISIONING" {
        (
            "User provisioning settings from Okta to a downstream application",
            json!({
                "create": { "lifecycleCreate": { "status": "DISABLED" } },
                "update": {
                    "profile": { "status": "DISABLED" },
                    "lifecycleDeactivate": { "status": "DISABLED" },
                    "password": { "status": "DISABLED", "seed": "RANDOM", "change": "KEEP_EXISTING" },
                },
            }),
        )
    } else {
        (
            "In-bound provisioning settings for provisioning users from an application to Okta",
            json!({
                "importSettings": {
                    "username": { "userNameFormat": "EMAIL" },
                    "schedule": { "status": "DISABLED", "fullImport": null, "incrementalImport": null },
                },
                "importRules": { "userCreateAndMatch": {
                    "exactMatchCriteria": "USERNAME",
                    "allowPartialMatch": true,
                    "autoConfirmPartialMatch": false,
                    "autoConfirmExactMatch": false,
                    "autoConfirmNewUsers": false,
                    "autoActivateNewUsers": false,
                } },
            }),
        )
    };
    let mut capabilities = usual.as_object().cloned().unwrap_or_default();
    let mut stated = org.stored(place, name).cloned().unwrap_or_default();
    stated.remove("id");
    lay(&mut capabilities, stated);
    let own = call.href(&format!("{place}/{name}"));
    json!({
        "name": name,
        "status": "ENABLED",
        "description": description,
        "capabilities": capabilities,
        "_links": { "self": { "href": own, "hints": { "allow": ["GET", "PUT"] } } },
    })
}
