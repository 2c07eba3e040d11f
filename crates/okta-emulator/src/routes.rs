//! Every operation of the org, and where a request finds it. The only file that names all areas.

use std::sync::LazyLock;

use http::Method;

use crate::{
    document::{find, operation::Operation},
    handlers::{
        apps, assignments, authorization_servers, factors, groups, hooks, keys, linked_objects, oauth, pictures,
        policies,
        resources::{self, demand},
        roles, schemas, subscriptions, system_log, user_types, users,
    },
    org::Org,
    protocol::{call::Call, error::ApiError, reply::Outcome},
    routing::{
        bucket::Bucket,
        route::{Param, Route},
        tree::{Match, Router, decoded},
    },
    state::resource::place::Place,
};

/// The routes of each area.
static TABLES: &[&[Route<Org>]] = &[
    users::ROUTES,
    factors::ROUTES,
    groups::ROUTES,
    apps::ROUTES,
    assignments::ROUTES,
    oauth::ROUTES,
    user_types::ROUTES,
    schemas::ROUTES,
    linked_objects::ROUTES,
    system_log::ROUTES,
    apps::features::ROUTES,
    authorization_servers::keys::ROUTES,
    hooks::ROUTES,
    keys::generated::ROUTES,
    keys::metadata::ROUTES,
    keys::models::ROUTES,
    keys::requests::ROUTES,
    pictures::ROUTES,
    pictures::SERVED,
    policies::mapped::ROUTES,
    policies::simulate::ROUTES,
    roles::assignees::ROUTES,
    subscriptions::ROUTES,
];

static ROUTER: LazyLock<Router<Org>> = LazyLock::new(|| Router::new(TABLES.iter().copied().flatten()));

/// What a request is about.
pub(crate) enum Found {
    /// An operation with its own handler, and the parameters of its path.
    Route(&'static Route<Org>, Vec<Param>),
    /// Something in the generic resource store, and the document's operation on it.
    Stored(Place, &'static Operation),
}

impl Found {
    pub(crate) fn bucket(&self) -> &'static Bucket {
        match self {
            Self::Route(route, _) => route.bucket,
            Self::Stored(place, _) => place.bucket(),
        }
    }

    /// Whether the operation needs no credentials.
    pub(crate) fn is_public(&self) -> bool {
        match self {
            Self::Route(route, _) => route.public,
            Self::Stored(place, _) => place.is_public(),
        }
    }

    /// The values in the path, for the handler.
    pub(crate) fn take_params(&mut self) -> Vec<Param> {
        match self {
            Self::Route(_, params) => std::mem::take(params),
            Self::Stored(..) => Vec::new(),
        }
    }

    pub(crate) fn handle(&self, org: &mut Org, call: &Call<'_>) -> Outcome {
        match self {
            Self::Route(route, _) => {
                if let Some(operation) = find::named(route.operation) {
                    demand::readable(operation, call)?;
                }
                (route.handler)(org, call)
            }
            Self::Stored(place, operation) => resources::handle(place, operation, org, call),
        }
    }
}

/// Finds the operation of a request. What has no own handler may be in the generic resource store.
pub(crate) fn route(method: &Method, path: &str) -> Result<Found, ApiError> {
    let path = decoded(path)?;
    match ROUTER.find(method, &path) {
        Match::Route(route, params) => Ok(Found::Route(route, params)),
        // Some operations of a path may have a handler, and others not.
        Match::OtherMethod => stored(method, &path).map_err(|_| ApiError::method_not_allowed()),
        Match::Nothing => stored(method, &path),
    }
}

fn stored(method: &Method, path: &[String]) -> Result<Found, ApiError> {
    let operation = find::operation(method, path)?;
    let place = Place::of(path).ok_or_else(ApiError::path_not_found)?;
    Ok(Found::Stored(place, operation))
}

/// Every operation that has its own handler: its id, method and path template.
pub(crate) fn operations() -> impl Iterator<Item = (&'static str, &'static Method, &'static str)> {
    TABLES
        .iter()
        .copied()
        .flatten()
        .map(|route| (route.operation, &route.method, route.template))
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    fn found(method: Method, path: &str) -> (&'static str, Vec<Param>) {
        match route(&method, path).unwrap() {
            Found::Route(route, params) => (route.operation, params),
            Found::Stored(..) => ("stored", Vec::new()),
        }
    }

    #[test]
    fn fixed_segments_come_before_parameters() {
        assert_eq!(found(Method::GET, "/api/v1/groups/rules"), ("listGroupRules", vec![]));
        assert_eq!(
            found(Method::GET, "/api/v1/groups/00g1"),
            ("getGroup", vec![("groupId", "00g1".to_owned())])
        );
        // Only the template has a PUT here.
        assert_eq!(found(Method::PUT, "/api/v1/groups/rules").0, "replaceGroup");
    }

    #[test]
    fn segments_are_decoded_after_they_are_split() {
        let (operation, params) = found(Method::GET, "/api/v1/users/a%2Fb%40c.d/groups");
        assert_eq!(operation, "listUserGroups");
        assert_eq!(params, [("id", "a/b@c.d".to_owned())]);
    }

    #[test]
    fn a_slash_at_the_end_is_forgiven() {
        assert_eq!(found(Method::GET, "/api/v1/groups/rules/").0, "listGroupRules");
    }

    #[test]
    fn a_known_path_with_another_method_is_told_from_an_unknown_path() {
        let status = |method: Method, path: &str| route(&method, path).err().map(|error| error.status.as_u16());
        assert_eq!(status(Method::PATCH, "/api/v1/users"), Some(405));
        assert_eq!(status(Method::GET, "/api/v1/nothing"), Some(404));
        assert_eq!(status(Method::GET, "/"), Some(404));
        assert_eq!(status(Method::GET, "/api/v1/users/%ff"), Some(404));
    }

    #[test]
    fn every_operation_has_its_own_id_and_place() {
        let ids: HashSet<_> = operations().map(|(id, ..)| id).collect();
        let places: HashSet<_> = operations().map(|(_, method, template)| (method, template)).collect();
        assert_eq!(ids.len(), operations().count());
        assert_eq!(places.len(), operations().count());
    }
}
