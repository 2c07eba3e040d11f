//! The generic resource store: objects that are created, read, changed, deleted, and perhaps switched on and off.
//!
//! Whatever behaves like that needs no code of its own, only a line in the table.

pub(crate) mod documents;
pub(crate) mod items;
pub(crate) mod list;
pub(crate) mod merge;
pub(crate) mod plant;

use http::Method;

use crate::{
    org::Org,
    protocol::{
        call::Call,
        error::ApiError,
        reply::{Outcome, Reply},
    },
    state::resource::place::{Place, What},
};

pub(crate) fn handle(place: &Place, org: &mut Org, call: &Call<'_>) -> Outcome {
    check_above(place, org)?;
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
