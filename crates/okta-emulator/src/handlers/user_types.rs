//! User types: `/api/v1/meta/types/user`.

use http::Method;
use serde_json::{Value, json};

use crate::{
    base::clock::{iso, whole_seconds},
    handlers::users::render::schema_id,
    org::Org,
    protocol::{
        call::Call,
        error::ApiError,
        json::{Object, text},
        reply::{Outcome, Reply},
    },
    routing::{bucket::META, route::Route},
    state::{system_log::event::Change, user_type::UserType},
};

pub(crate) static ROUTES: &[Route<Org>] = &[
    Route::new("listUserTypes", Method::GET, "/api/v1/meta/types/user", &META, list),
    Route::new("createUserType", Method::POST, "/api/v1/meta/types/user", &META, create),
    Route::new(
        "getUserType",
        Method::GET,
        "/api/v1/meta/types/user/{typeId}",
        &META,
        get,
    ),
    Route::new(
        "updateUserType",
        Method::POST,
        "/api/v1/meta/types/user/{typeId}",
        &META,
        update,
    ),
    Route::new(
        "replaceUserType",
        Method::PUT,
        "/api/v1/meta/types/user/{typeId}",
        &META,
        replace,
    ),
    Route::new(
        "deleteUserType",
        Method::DELETE,
        "/api/v1/meta/types/user/{typeId}",
        &META,
        delete,
    ),
];

fn list(org: &mut Org, call: &Call<'_>) -> Outcome {
    Ok(Reply::ok(
        org.user_types.values().map(|kind| render(kind, call)).collect(),
    ))
}

fn get(org: &mut Org, call: &Call<'_>) -> Outcome {
    Ok(Reply::ok(render(find(org, call)?, call)))
}

fn create(org: &mut Org, call: &Call<'_>) -> Outcome {
    let body = call.object()?;
    let name = required(&body, "name")?;
    let display_name = required(&body, "displayName")?;
    if !name
        .chars()
        .all(|character| character.is_ascii_alphanumeric() || character == '_')
    {
        return Err(ApiError::field(
            "name",
            "The value may have letters, digits and underscores only",
        ));
    }
    if org.user_types.values().any(|kind| kind.name == name) {
        return Err(ApiError::duplicate("name"));
    }
    let now = whole_seconds(call.now);
    let kind = UserType {
        id: org.ids.object("oty"),
        name,
        display_name,
        description: text(&body, "description").map(str::to_owned),
        created_by: org.token_owner.clone(),
        last_updated_by: org.token_owner.clone(),
        created: now,
        last_updated: now,
        default: false,
    };
    let reply = Reply::ok(render(&kind, call));
    let change = Change::new("directory.non_default_user_profile.create", "Create user type").target((&kind).into());
    org.user_types.insert(kind.id.clone(), kind);
    org.record(call, change);
    Ok(reply)
}

/// `POST`: changes what is stated. A type's name never changes.
fn update(org: &mut Org, call: &Call<'_>) -> Outcome {
    let body = call.object()?;
    change(org, call, |kind| {
        if let Some(display_name) = text(&body, "displayName") {
            kind.display_name = display_name.to_owned();
        }
        if let Some(description) = body.get("description") {
            kind.description = description.as_str().map(str::to_owned);
        }
    })
}

fn replace(org: &mut Org, call: &Call<'_>) -> Outcome {
    let body = call.object()?;
    let display_name = required(&body, "displayName")?;
    if required(&body, "name")? != find(org, call)?.name {
        return Err(ApiError::field("name", "The name of a user type cannot be changed"));
    }
    change(org, call, |kind| {
        kind.display_name = display_name;
        kind.description = text(&body, "description").map(str::to_owned);
    })
}

fn change(org: &mut Org, call: &Call<'_>, apply: impl FnOnce(&mut UserType)) -> Outcome {
    let id = find(org, call)?.id.clone();
    let owner = org.token_owner.clone();
    let kind = org.user_types.get_mut(&id).ok_or_else(|| missing(&id))?;
    apply(kind);
    kind.last_updated = whole_seconds(call.now);
    kind.last_updated_by = owner;
    let reply = Reply::ok(render(kind, call));
    let change = Change::new("directory.user_profile.update", "Update user type").target((&*kind).into());
    org.record(call, change);
    Ok(reply)
}

fn delete(org: &mut Org, call: &Call<'_>) -> Outcome {
    let kind = find(org, call)?;
    let id = kind.id.clone();
    if kind.default {
        return Err(ApiError::field("default", "The default user type cannot be deleted"));
    }
    if org.users.values().any(|user| user.type_id == id) {
        return Err(ApiError::field("id", "A user type that users have cannot be deleted"));
    }
    // Okta's catalogue of event types has none for the end of a user type.
    let change = Change::new("directory.user_profile.update", "Delete user type").target(kind.into());
    org.user_types.remove(&id);
    org.record(call, change);
    Ok(Reply::no_content())
}

fn find<'a>(org: &'a Org, call: &Call<'_>) -> Result<&'a UserType, ApiError> {
    let id = match call.param("typeId") {
        "default" => org.default_user_type.as_str(),
        id => id,
    };
    org.user_types.get(id).ok_or_else(|| missing(id))
}

fn missing(id: &str) -> ApiError {
    ApiError::not_found(id, "UserType")
}

fn required(body: &Object, name: &str) -> Result<String, ApiError> {
    text(body, name)
        .filter(|value| !value.trim().is_empty())
        .map(str::to_owned)
        .ok_or_else(|| ApiError::field(name, "The field cannot be left blank"))
}

fn render(kind: &UserType, call: &Call<'_>) -> Value {
    let link = |relation: &str, path: String| json!({ "rel": relation, "href": call.href(&path), "method": "GET" });
    json!({
        "id": kind.id,
        "displayName": kind.display_name,
        "name": kind.name,
        "description": kind.description,
        "createdBy": kind.created_by,
        "lastUpdatedBy": kind.last_updated_by,
        "created": iso(kind.created),
        "lastUpdated": iso(kind.last_updated),
        "default": kind.default,
        "_links": {
            "schema": link("schema", format!("/api/v1/meta/schemas/user/{}", schema_id(&kind.id))),
            "self": link("self", format!("/api/v1/meta/types/user/{}", kind.id)),
        },
    })
}
