//! Policies and the applications that they apply to.

use http::Method;
use serde_json::{Value, json};

use crate::{
    base::clock::{iso, whole_seconds},
    handlers::{apps, policies::POLICIES},
    org::Org,
    protocol::{
        call::Call,
        error::ApiError,
        json::{Object, text},
        paging::Window,
        reply::{Outcome, Reply},
    },
    routing::{
        bucket::{APP_BY_ID, OTHER},
        route::Route,
    },
    state::app::App,
};

const PAGE: usize = 20;

const MAPPINGS: &str = "/api/v1/policies/{policyId}/mappings";

const MAPPING: &str = "/api/v1/policies/{policyId}/mappings/{mappingId}";

pub(crate) static ROUTES: &[Route<Org>] = &[
    Route::new(
        "listPolicyApps",
        Method::GET,
        "/api/v1/policies/{policyId}/app",
        &OTHER,
        list_apps,
    ),
    Route::new("listPolicyMappings", Method::GET, MAPPINGS, &OTHER, list),
    Route::new("mapResourceToPolicy", Method::POST, MAPPINGS, &OTHER, map),
    Route::new("getPolicyMapping", Method::GET, MAPPING, &OTHER, get),
    Route::new("deletePolicyResourceMapping", Method::DELETE, MAPPING, &OTHER, delete),
    Route::new(
        "assignApplicationPolicy",
        Method::PUT,
        "/api/v1/apps/{appId}/policies/{policyId}",
        &APP_BY_ID,
        assign,
    ),
    Route::new(
        "clonePolicy",
        Method::POST,
        "/api/v1/policies/{policyId}/clone",
        &OTHER,
        clone,
    ),
];

/// The policy of the path: its id and its type.
fn policy(org: &Org, call: &Call<'_>) -> Result<(String, String), ApiError> {
    let id = call.param("policyId");
    let policy = org
        .stored(POLICIES, id)
        .ok_or_else(|| ApiError::not_found(id, "Policy"))?;
    let member = |name: &str| text(policy, name).unwrap_or_default().to_owned();
    Ok((member("id"), member("type")))
}

/// Whether an application is under a policy. Those that were assigned to none are under the default ones.
fn is_under(app: &App, policy: &str, kind: &str) -> bool {
    match kind {
        "ACCESS_POLICY" => app.access_policy() == policy,
        "PROFILE_ENROLLMENT" => app.profile_enrollment() == policy,
        _ => false,
    }
}

fn list_apps(org: &mut Org, call: &Call<'_>) -> Outcome {
    let (id, kind) = policy(org, call)?;
    let window = Window::of(call, PAGE, 200)?;
    let found = org.apps.after(window.after).map(|(number, _, app)| (number, app));
    let page = window.page(found.filter(|(_, app)| is_under(app, &id, &kind)));
    Ok(page.reply(call, &window, |app| apps::render::render(app, call)))
}

fn list(org: &mut Org, call: &Call<'_>) -> Outcome {
    let (id, kind) = policy(org, call)?;
    let mut mappings: Vec<Value> = org
        .apps
        .values()
        .filter(|app| is_under(app, &id, &kind))
        .map(|app| render(&id, app.id(), call))
        .collect();
    let own = org.resources.collections.get(&format!("{POLICIES}/{id}/mappings"));
    for mapping in own.into_iter().flat_map(|own| own.values()) {
        mappings.push(render(&id, text(mapping, "resourceId").unwrap_or_default(), call));
    }
    Ok(Reply::ok(Value::Array(mappings)))
}

/// A mapping has the id of the application.
fn render(policy: &str, app: &str, call: &Call<'_>) -> Value {
    let policy = call.href(&format!("{POLICIES}/{policy}"));
    json!({
        "id": app,
        "_links": {
            "self": { "href": format!("{policy}/mappings/{app}"), "hints": { "allow": ["GET", "DELETE"] } },
            "application": { "href": call.href(&format!("/api/v1/apps/{app}")), "hints": { "allow": ["GET"] } },
            "policy": { "href": policy, "hints": { "allow": ["GET", "PUT"] } },
        },
    })
}

fn map(org: &mut Org, call: &Call<'_>) -> Outcome {
    let (id, kind) = policy(org, call)?;
    if matches!(kind.as_str(), "ACCESS_POLICY" | "PROFILE_ENROLLMENT") {
        return Err(ApiError::validation(
            "Policy mappings are no longer supported on this endpoint.",
            [],
        ));
    }
    let body = call.object()?;
    let resource = text(&body, "resourceId").unwrap_or_default();
    if resource.is_empty() {
        return Err(ApiError::field("resourceId", "The field cannot be left blank"));
    }
    let mut mapping = Object::new();
    mapping.insert("id".to_owned(), json!(resource));
    mapping.insert("resourceId".to_owned(), json!(resource));
    let mappings = org.resources.collection(&format!("{POLICIES}/{id}/mappings"));
    mappings.insert(resource.to_owned(), mapping);
    Ok(Reply::ok(render(&id, resource, call)))
}

/// Whether the policy of the path has the mapping of the path.
fn has(org: &Org, call: &Call<'_>, (id, kind): &(String, String)) -> bool {
    let mapping = call.param("mappingId");
    let applies = org.apps.get(mapping).is_some_and(|app| is_under(app, id, kind));
    applies || org.stored(&format!("{POLICIES}/{id}/mappings"), mapping).is_some()
}

fn get(org: &mut Org, call: &Call<'_>) -> Outcome {
    let policy = policy(org, call)?;
    let mapping = call.param("mappingId");
    if !has(org, call, &policy) {
        return Err(ApiError::not_found(mapping, "PolicyMapping"));
    }
    Ok(Reply::ok(render(&policy.0, mapping, call)))
}

fn delete(org: &mut Org, call: &Call<'_>) -> Outcome {
    let policy = policy(org, call)?;
    let mapping = call.param("mappingId");
    if !has(org, call, &policy) {
        return Err(ApiError::not_found(mapping, "PolicyMapping"));
    }
    if let Ok(app) = org.app_mut(mapping) {
        app.assign_policy(&policy.1, None);
    }
    let own = format!("{POLICIES}/{}/mappings", policy.0);
    org.resources.collection(&own).remove(mapping);
    Ok(Reply::no_content())
}

fn assign(org: &mut Org, call: &Call<'_>) -> Outcome {
    let app = org.app(call.param("appId"))?.id().to_owned();
    let (id, kind) = policy(org, call)?;
    org.app_mut(&app)?.assign_policy(&kind, Some(id));
    org.record_app(
        call,
        &app,
        "application.policy.sign_on.update",
        "Update policy of application",
    );
    Ok(Reply::no_content())
}

/// A copy of an access policy, with its rules.
fn clone(org: &mut Org, call: &Call<'_>) -> Outcome {
    let (id, kind) = policy(org, call)?;
    if kind != "ACCESS_POLICY" {
        return Err(ApiError::validation(
            "type",
            ["Only access policies can be cloned".to_owned()],
        ));
    }
    let mut copy = org.stored(POLICIES, &id).cloned().unwrap_or_default();
    let now = iso(whole_seconds(call.now));
    let new = org.ids.object("rst");
    let name = format!("[cloned] {}", text(&copy, "name").unwrap_or_default());
    for (member, value) in [
        ("id", json!(new)),
        ("name", json!(name)),
        ("system", json!(false)),
        ("created", json!(now)),
        ("lastUpdated", json!(now)),
    ] {
        copy.insert(member.to_owned(), value);
    }
    let rules: Vec<Object> = org
        .resources
        .collection(&format!("{POLICIES}/{id}/rules"))
        .values()
        .cloned()
        .collect();
    for mut rule in rules {
        let id = org.ids.object("rul");
        rule.insert("id".to_owned(), json!(id));
        org.resources
            .collection(&format!("{POLICIES}/{new}/rules"))
            .insert(id, rule);
    }
    org.resources.collection(POLICIES).insert(new.clone(), copy.clone());
    let own = call.href(&format!("{POLICIES}/{new}"));
    let links = json!({
        "self": { "href": own, "hints": { "allow": ["GET", "PUT", "DELETE"] } },
        "mappings": { "href": format!("{own}/mappings"), "hints": { "allow": ["GET", "POST"] } },
        "rules": { "href": format!("{own}/rules"), "hints": { "allow": ["GET", "POST"] } },
        "deactivate": { "href": format!("{own}/lifecycle/deactivate"), "hints": { "allow": ["POST"] } },
    });
    copy.insert("_links".to_owned(), links);
    Ok(Reply::ok(Value::Object(copy)))
}
