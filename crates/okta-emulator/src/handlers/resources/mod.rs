//! The generic resource store: objects that are created, read, changed, deleted, and perhaps switched on and off.
//!
//! Whatever behaves like that needs no code, only a line in the table.

pub(crate) mod demand;
pub(crate) mod documents;
mod event_type;
pub(crate) mod items;
pub(crate) mod list;
pub(crate) mod merge;
pub(crate) mod model;
pub(crate) mod models;
pub(crate) mod plant;

use http::{Method, StatusCode};

use crate::{
    document::{operation::Operation, schema::View, shape},
    org::Org,
    protocol::{
        call::Call,
        error::ApiError,
        json::text,
        reply::{Outcome, Reply},
    },
    state::resource::place::{Place, What},
};

/// Handles an operation as the document describes it: checks what is stated, and shows what the response has.
pub(crate) fn handle(place: &Place, operation: &'static Operation, org: &mut Org, call: &Call<'_>) -> Outcome {
    let place = &canonical(place, org)?;
    check_query(operation, call)?;
    let body = demand::accepted(operation, call)?;
    let reply = perform(place, org, &call.with_body(body.as_deref().unwrap_or(call.body)))?;
    if !reply.is_success() {
        return Ok(reply);
    }
    let reply = match operation.response() {
        Some(view) => reply.map(|body| {
            shape::of_the_kind(&view, body, matches!(place.what, What::Document));
            shape::shown(&view, body);
        }),
        None => reply.map(|body| shape::shown(&View::default(), body)),
    };
    let status = operation.status().and_then(|status| StatusCode::from_u16(status).ok());
    Ok(match status {
        Some(status) => reply.status(status),
        None => reply,
    })
}

/// Refuses a call without a parameter that the operation needs.
fn check_query(operation: &'static Operation, call: &Call<'_>) -> Result<(), ApiError> {
    let mut needed = operation.query().iter().filter(|parameter| parameter.required);
    match needed.find(|parameter| call.query.get(&parameter.name).is_none()) {
        Some(missing) => Err(ApiError::field(&missing.name, "The field cannot be left blank")),
        None => Ok(()),
    }
}

fn perform(place: &Place, org: &mut Org, call: &Call<'_>) -> Outcome {
    let path = place.path.as_str();
    match (&place.what, call.method) {
        (What::Collection(kind), &Method::GET) => list::list(kind, path, org, call),
        (What::Collection(kind), &Method::POST) => items::create(kind, path, org, call),
        (What::Collection(kind), &Method::PATCH) => items::add(kind, path, org, call),
        // All of the catalogue, which is what a role has that is given no target.
        (What::Collection(kind), &Method::PUT) if kind.keyed => Ok(Reply::no_content()),
        (What::Collection(kind), &Method::DELETE) => Ok(items::clear(kind, path, org, call)),
        (What::Item(kind, id), &Method::GET) => items::get(kind, path, id, org, call),
        (What::Item(kind, id), &Method::PUT) => items::replace(kind, path, id, org, call),
        (What::Item(kind, id), &(Method::POST | Method::PATCH)) => items::update(kind, path, id, org, call),
        (What::Item(kind, id), &Method::DELETE) => items::delete(kind, path, id, org, call),
        (What::Action(kind, id, action), &Method::POST) => items::act(kind, path, id, action, org, call),
        (What::Document, &Method::GET) => Ok(documents::get(path, org, call)),
        (What::Document, &Method::PUT) => documents::replace(path, org, call),
        (What::Document, &(Method::POST | Method::PATCH)) => documents::update(path, org, call),
        (What::Document, &Method::DELETE) => Ok(documents::delete(path, org, call)),
        _ => Err(ApiError::method_not_allowed()),
    }
}

/// The place with ids where the caller uses labels, names or logins; a place below something that does not exist is refused.
fn canonical(place: &Place, org: &Org) -> Result<Place, ApiError> {
    let mut renamed: Vec<(String, String)> = Vec::new();
    let current = |path: &str, renamed: &[(String, String)]| {
        let mut path = path.to_owned();
        for (old, new) in renamed {
            if path == *old || path.starts_with(&format!("{old}/")) {
                path = format!("{new}{}", path.get(old.len()..).unwrap_or_default());
            }
        }
        path
    };
    let mut above = Vec::new();
    for (collection, key) in &place.above {
        let collection = current(collection, &renamed);
        let id = match collection.as_str() {
            "/api/v1/users" => org.user(key)?.id.clone(),
            "/api/v1/groups" => org.group(key)?.id.clone(),
            "/api/v1/apps" => org.app(key)?.id().to_owned(),
            _ => match org.resources.find(&collection, key) {
                Some(found) => text(found, "id").unwrap_or(key).to_owned(),
                // Every application may be the client of tokens and grants.
                None if collection.ends_with("/clients") && org.app(key).is_ok() => key.clone(),
                None => match Place::collection(&collection).filter(|kind| !kind.keyed) {
                    Some(kind) => return Err(ApiError::not_found(key, kind.missing.unwrap_or(kind.name))),
                    None => key.clone(),
                },
            },
        };
        if id != *key {
            renamed.push((format!("{collection}/{key}"), format!("{collection}/{id}")));
        }
        above.push((collection, id));
    }
    Ok(Place {
        path: current(&place.path, &renamed),
        what: place.what.clone(),
        above,
    })
}
