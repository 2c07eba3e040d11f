//! The generic resource store: objects that are created, read, changed, deleted, and perhaps switched on and off.
//!
//! Whatever behaves like that needs no code, only a line in the table.

pub(crate) mod demand;
pub(crate) mod documents;
pub(crate) mod items;
pub(crate) mod list;
pub(crate) mod merge;
pub(crate) mod plant;

use http::{Method, StatusCode};

use crate::{
    document::{operation::Operation, schema::View, shape},
    org::Org,
    protocol::{
        call::Call,
        error::ApiError,
        reply::{Outcome, Reply},
    },
    state::resource::place::{Place, What},
};

/// Handles an operation as the document describes it: checks what is stated, and shows what the response has.
pub(crate) fn handle(place: &Place, operation: &'static Operation, org: &mut Org, call: &Call<'_>) -> Outcome {
    check_above(place, org)?;
    check_query(operation, call)?;
    let body = demand::accepted(operation, call)?;
    let reply = perform(place, org, &call.with_body(body.as_deref().unwrap_or(call.body)))?;
    if !reply.is_success() {
        return Ok(reply);
    }
    let reply = match operation.response() {
        Some(view) => reply.map(|body| shape::shown(&view, body)),
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

/// Refuses a place below something that does not exist.
fn check_above(place: &Place, org: &Org) -> Result<(), ApiError> {
    for (collection, id) in &place.above {
        match collection.as_str() {
            "/api/v1/users" => org.user(id).map(|_| ())?,
            "/api/v1/groups" => org.group(id).map(|_| ())?,
            "/api/v1/apps" => org.app(id).map(|_| ())?,
            _ => {
                if let Some(kind) = Place::collection(collection).filter(|kind| !kind.keyed)
                    && org.resources.find(collection, id).is_none()
                {
                    return Err(ApiError::not_found(id, kind.missing.unwrap_or(kind.name)));
                }
            }
        }
    }
    Ok(())
}
