//! Schemas of profiles: `/api/v1/meta/schemas`.

use http::Method;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::{
    base::clock::{iso, whole_seconds},
    handlers::{apps::create::is_template, users::render::schema_id},
    org::Org,
    protocol::{
        call::Call,
        error::ApiError,
        json::{Object, object},
        reply::{Outcome, Reply},
    },
    routing::{bucket::META, route::Route},
    state::{
        profile_schema::ProfileSchema,
        system_log::event::{Change, Target},
    },
};

const USER: &str = "/api/v1/meta/schemas/user/{schemaId}";
const GROUP: &str = "/api/v1/meta/schemas/group/default";
const APP: &str = "/api/v1/meta/schemas/apps/{appId}/default";

pub(crate) static ROUTES: &[Route<Org>] = &[
    Route::new("getUserSchema", Method::GET, USER, &META, get_user),
    Route::new("updateUserProfile", Method::POST, USER, &META, update_user),
    Route::new("getGroupSchema", Method::GET, GROUP, &META, get_group),
    Route::new("updateGroupSchema", Method::POST, GROUP, &META, update_group),
    Route::new("getApplicationUserSchema", Method::GET, APP, &META, get_app),
    Route::new("updateApplicationUserProfile", Method::POST, APP, &META, update_app),
];

/// The user type of a schema.
fn type_of(org: &Org, call: &Call<'_>) -> Result<String, ApiError> {
    let id = call.param("schemaId");
    if id == "default" {
        return Ok(org.default_user_type.clone());
    }
    let mut types = org.user_types.values();
    let found = types.find(|kind| schema_id(&kind.id) == id);
    found
        .map(|kind| kind.id.clone())
        .ok_or_else(|| ApiError::not_found(id, "UserSchema"))
}

fn get_user(org: &mut Org, call: &Call<'_>) -> Outcome {
    let type_id = type_of(org, call)?;
    let now = whole_seconds(call.now);
    let schema = org.schemas.of_type(&type_id, now);
    let shown = json!({ "definitions": schema.definitions(), "created": iso(schema.created), "lastUpdated": iso(schema.last_updated) });
    let kind = org
        .user_types
        .get(&type_id)
        .ok_or_else(|| ApiError::not_found(&type_id, "UserType"))?;
    let own = format!("/api/v1/meta/schemas/user/{}", schema_id(&type_id));
    let link = |relation: &str, path: &str| json!({ "rel": relation, "href": call.href(path), "method": "GET" });
    let links = json!({
        "self": link("self", &own),
        "type": link("type", &format!("/api/v1/meta/types/user/{type_id}")),
    });
    let id = call.href(&format!("/meta/schemas/user/{}", call.param("schemaId")));
    let about = (
        id.as_str(),
        kind.name.as_str(),
        kind.display_name.as_str(),
        kind.description.as_deref(),
    );
    Ok(Reply::ok(document(about, shown, Some(links))))
}

fn update_user(org: &mut Org, call: &Call<'_>) -> Outcome {
    let type_id = type_of(org, call)?;
    let now = whole_seconds(call.now);
    let cleanup = org.schemas.cleanup;
    change(org.schemas.of_type(&type_id, now), cleanup, "updateUserSchemas", call)?;
    record(org, call, &schema_id(&type_id), "User");
    get_user(org, call)
}

fn get_group(org: &mut Org, call: &Call<'_>) -> Outcome {
    let schema = &org.schemas.group;
    let shown = json!({ "definitions": schema.definitions(), "created": iso(schema.created), "lastUpdated": iso(schema.last_updated) });
    let id = call.href("/meta/schemas/group/default");
    let own = call.href("/api/v1/meta/schemas/group/default");
    let links = json!({ "self": { "rel": "self", "href": own, "method": "GET" } });
    let about = (id.as_str(), "group", "Okta group", Some("Okta group profile template"));
    Ok(Reply::ok(document(about, shown, Some(links))))
}

fn update_group(org: &mut Org, call: &Call<'_>) -> Outcome {
    let cleanup = org.schemas.cleanup;
    change(&mut org.schemas.group, cleanup, "updateGroupSchemas", call)?;
    record(org, call, "default", "Group");
    get_group(org, call)
}

fn get_app(org: &mut Org, call: &Call<'_>) -> Outcome {
    let app = org.app(call.param("appId"))?;
    let openid = app.document.get("signOnMode") == Some(&json!("OPENID_CONNECT"));
    let (id, name, label) = (app.id().to_owned(), app.name().to_owned(), app.label().to_owned());
    let schema = org.schemas.of_app(&id, openid, whole_seconds(call.now));
    let shown = json!({ "definitions": schema.definitions(), "created": iso(schema.created), "lastUpdated": iso(schema.last_updated) });
    let own = call.href(&format!("/meta/schemas/apps/{id}/default"));
    let title = format!("{label} User");
    let links = json!({ "self": { "rel": "self", "href": call.href(call.path), "method": "GET" } });
    Ok(Reply::ok(document((&own, &name, &title, None), shown, Some(links))))
}

fn update_app(org: &mut Org, call: &Call<'_>) -> Outcome {
    let app = org.app(call.param("appId"))?;
    let openid = app.document.get("signOnMode") == Some(&json!("OPENID_CONNECT"));
    let id = app.id().to_owned();
    let cleanup = org.schemas.cleanup;
    let schema = org.schemas.of_app(&id, openid, whole_seconds(call.now));
    change(schema, cleanup, "updateAppUserSchemas", call)?;
    record(org, call, &id, "App user");
    get_app(org, call)
}

fn change(
    schema: &mut ProfileSchema,
    cleanup: Option<SignedDuration>,
    subject: &str,
    call: &Call<'_>,
) -> Result<(), ApiError> {
    let body = call.object()?;
    let Some(definitions) = object(&body, "definitions") else {
        return Ok(());
    };
    if let Some(name) = schema.still_cleaning(definitions, call.now) {
        let cause = format!(
            "You cannot add the attribute with the variable name '{name}' because the deletion process for an attribute \
             with the same variable name is incomplete. Wait until the data clean up process finishes and then try again."
        );
        return Err(ApiError::validation(subject, [cause]));
    }
    schema.merge(definitions, cleanup, whole_seconds(call.now));
    Ok(())
}

/// Refuses attributes that a profile's schema does not have, or not with such values.
pub(crate) fn check(any_attribute: bool, schema: &ProfileSchema, stated: &Object) -> Result<(), ApiError> {
    if any_attribute {
        return Ok(());
    }
    let problems = schema.problems(stated);
    match problems.first() {
        None => Ok(()),
        Some((first, _)) => Err(ApiError::validation(
            first,
            problems.iter().map(|(name, problem)| format!("{name}: {problem}")),
        )),
    }
}

/// Refuses a user's attributes that the schema of its type does not have.
pub(crate) fn check_user(org: &mut Org, type_id: &str, stated: &Object, now: Timestamp) -> Result<(), ApiError> {
    let any = org.schemas.any_attribute;
    check(any, org.schemas.of_type(type_id, now), stated)
}

/// Refuses attributes that an application's users do not have. What applications of the catalogue have is not known here.
pub(crate) fn check_app_user(org: &mut Org, app_id: &str, stated: &Object, now: Timestamp) -> Result<(), ApiError> {
    let app = org.app(app_id)?;
    let openid = app.document.get("signOnMode") == Some(&json!("OPENID_CONNECT"));
    if !is_template(app.name()) {
        return Ok(());
    }
    let any = org.schemas.any_attribute;
    check(any, org.schemas.of_app(app_id, openid, now), stated)
}

fn record(org: &mut Org, call: &Call<'_>, id: &str, what: &str) {
    let change = Change::new("directory.user_profile.update", "Update user profile");
    org.record(call, change.target(Target::new(id, "Schema", id, what)));
}

/// The schema as the API shows it: id, name, title and description, and what `shown` has.
fn document(
    (id, name, title, description): (&str, &str, &str, Option<&str>),
    shown: Value,
    links: Option<Value>,
) -> Value {
    let mut document = json!({
        "id": id,
        "$schema": "http://json-schema.org/draft-04/schema#",
        "name": name,
        "title": title,
        "type": "object",
        "properties": { "profile": { "allOf": [{ "$ref": "#/definitions/custom" }, { "$ref": "#/definitions/base" }] } },
    });
    if let Some(description) = description {
        document["description"] = json!(description);
    }
    if let (Some(document), Value::Object(shown)) = (document.as_object_mut(), shown) {
        document.extend(shown);
    }
    if let Some(links) = links {
        document["_links"] = links;
    }
    document
}
