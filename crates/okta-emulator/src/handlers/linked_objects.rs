//! Linked objects: relationships between users, such as manager and subordinate, and who stands in them.

use std::collections::BTreeMap;

use http::Method;
use serde_json::{Value, json};

use crate::{
    org::Org,
    protocol::{
        call::Call,
        error::ApiError,
        json::{Object, object, text},
        reply::{Outcome, Reply},
    },
    routing::{
        bucket::{META, USER_ACTIONS},
        route::Route,
    },
    state::{
        linked_object::{Relationship, Side},
        system_log::event::{Change, Target},
    },
};

const DEFINITIONS: &str = "/api/v1/meta/schemas/user/linkedObjects";

const DEFINITION: &str = "/api/v1/meta/schemas/user/linkedObjects/{linkedObjectName}";

const OF_USER: &str = "/api/v1/users/{userIdOrLogin}/linkedObjects/{relationshipName}";

pub(crate) static ROUTES: &[Route<Org>] = &[
    Route::new("listLinkedObjectDefinitions", Method::GET, DEFINITIONS, &META, list),
    Route::new("createLinkedObjectDefinition", Method::POST, DEFINITIONS, &META, create),
    Route::new("getLinkedObjectDefinition", Method::GET, DEFINITION, &META, get),
    Route::new(
        "deleteLinkedObjectDefinition",
        Method::DELETE,
        DEFINITION,
        &META,
        delete,
    ),
    Route::new(
        "listLinkedObjectsForUser",
        Method::GET,
        OF_USER,
        &USER_ACTIONS,
        list_of_user,
    ),
    Route::new(
        "deleteLinkedObjectForUser",
        Method::DELETE,
        OF_USER,
        &USER_ACTIONS,
        delete_of_user,
    ),
    Route::new(
        "assignLinkedObjectValueForPrimary",
        Method::PUT,
        "/api/v1/users/{userIdOrLogin}/linkedObjects/{primaryRelationshipName}/{primaryUserId}",
        &USER_ACTIONS,
        assign,
    ),
];

fn list(org: &mut Org, call: &Call<'_>) -> Outcome {
    Ok(Reply::ok(
        org.linked_objects
            .relationships
            .values()
            .map(|relationship| render(relationship, call))
            .collect(),
    ))
}

fn create(org: &mut Org, call: &Call<'_>) -> Outcome {
    let body = call.object()?;
    let relationship = Relationship {
        primary: side(&body, "primary")?,
        associated: side(&body, "associated")?,
        links: BTreeMap::new(),
    };
    let (primary, associated) = (&relationship.primary.name, &relationship.associated.name);
    if primary == associated
        || [primary, associated]
            .iter()
            .any(|name| org.linked_objects.named(name).is_ok())
    {
        return Err(ApiError::duplicate("name"));
    }
    let reply = Reply::created(render(&relationship, call));
    let change = Change::new("directory.linked_object.create", "Create linked object").target((&relationship).into());
    org.linked_objects.relationships.insert(primary.clone(), relationship);
    org.record(call, change);
    Ok(reply)
}

fn side(body: &Object, which: &str) -> Result<Side, ApiError> {
    let side = object(body, which).ok_or_else(|| ApiError::field(which, "The field cannot be left blank"))?;
    let part = |name: &str| {
        text(side, name)
            .filter(|value| !value.trim().is_empty())
            .map(str::to_owned)
            .ok_or_else(|| ApiError::field(&format!("{which}.{name}"), "The field cannot be left blank"))
    };
    Ok(Side {
        name: part("name")?,
        title: part("title")?,
        description: text(side, "description").map(str::to_owned),
    })
}

fn get(org: &mut Org, call: &Call<'_>) -> Outcome {
    Ok(Reply::ok(render(
        org.linked_objects.named(call.param("linkedObjectName"))?,
        call,
    )))
}

fn delete(org: &mut Org, call: &Call<'_>) -> Outcome {
    let relationship = org.linked_objects.named(call.param("linkedObjectName"))?;
    let change = Change::new("directory.linked_object.delete", "Delete linked object").target(relationship.into());
    let name = relationship.primary.name.clone();
    org.linked_objects.relationships.remove(&name);
    org.record(call, change);
    Ok(Reply::no_content())
}

/// Asked with the primary name: the user's primary; with the associated name: everyone whose primary the user is.
fn list_of_user(org: &mut Org, call: &Call<'_>) -> Outcome {
    let user = org.user(call.param("userIdOrLogin"))?.id.as_str();
    let name = call.param("relationshipName");
    let relationship = org.linked_objects.named(name)?;
    let others: Vec<&str> = if relationship.primary.name == name {
        relationship.links.get(user).map(String::as_str).into_iter().collect()
    } else {
        let associated = relationship.links.iter().filter(|(_, primary)| *primary == user);
        associated.map(|(associated, _)| associated.as_str()).collect()
    };
    let link = |id: &str| json!({ "_links": { "self": { "href": call.href(&format!("/api/v1/users/{id}")) } } });
    Ok(Reply::ok(others.into_iter().map(link).collect()))
}

fn assign(org: &mut Org, call: &Call<'_>) -> Outcome {
    let associated = org.user(call.param("userIdOrLogin"))?.id.clone();
    let primary = org.user(call.param("primaryUserId"))?.id.clone();
    let relationship = org.linked_objects.with_primary(call.param("primaryRelationshipName"))?;
    let before = relationship.links.insert(associated.clone(), primary.clone());
    if before.as_ref() != Some(&primary) {
        let target = (&*relationship).into();
        record_link(org, call, "Link user to primary user", [&associated, &primary], target);
    }
    Ok(Reply::no_content())
}

fn delete_of_user(org: &mut Org, call: &Call<'_>) -> Outcome {
    let associated = org.user(call.param("userIdOrLogin"))?.id.clone();
    let relationship = org.linked_objects.with_primary(call.param("relationshipName"))?;
    if let Some(primary) = relationship.links.remove(&associated) {
        let target = (&*relationship).into();
        record_link(
            org,
            call,
            "Unlink user from primary user",
            [&associated, &primary],
            target,
        );
    }
    Ok(Reply::no_content())
}

/// Okta's catalogue of event types has none for links: they are a matter of the associated user's profile.
fn record_link(org: &mut Org, call: &Call<'_>, message: &'static str, users: [&str; 2], relationship: Target) {
    let change = Change::new("user.account.update_profile", message);
    let users = users.into_iter().filter_map(|id| org.users.get(id));
    let change = users.fold(change, |change, user| change.target(user.into()));
    org.record(call, change.target(relationship));
}

fn render(relationship: &Relationship, call: &Call<'_>) -> Value {
    let side = |side: &Side| json!({ "name": side.name, "title": side.title, "description": side.description, "type": "USER" });
    json!({
        "primary": side(&relationship.primary),
        "associated": side(&relationship.associated),
        "_links": { "self": { "href": call.href(&format!("{DEFINITIONS}/{}", relationship.primary.name)) } },
    })
}
