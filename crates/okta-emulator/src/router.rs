//! From method and path to an operation.

use std::{collections::HashMap, sync::LazyLock};

use http::Method;
use percent_encoding::percent_decode_str;

use crate::{
    apps,
    call::Call,
    error::ApiError,
    factors, groups, linked_objects, oauth,
    org::Org,
    rate_limit::Bucket,
    reply::Outcome,
    resources::{self, Place},
    system_log, user_types, users,
};

/// Every operation of the org. A new area is one more line here.
static TABLES: &[&[Route]] = &[
    users::ROUTES,
    factors::ROUTES,
    groups::ROUTES,
    apps::ROUTES,
    oauth::ROUTES,
    user_types::ROUTES,
    linked_objects::ROUTES,
    system_log::ROUTES,
];

static ROUTER: LazyLock<Router> = LazyLock::new(|| Router::new(TABLES.iter().copied().flatten()));

/// A handler of its own.
pub(crate) type Function = fn(&mut Org, &Call<'_>) -> Outcome;

/// One operation.
pub(crate) struct Route {
    /// Okta's operation id.
    pub(crate) operation: &'static str,
    method: Method,
    template: &'static str,
    pub(crate) bucket: &'static Bucket,
    /// Whether anybody may call it, without credentials.
    pub(crate) public: bool,
    handler: Function,
}

/// What a request is about.
pub(crate) enum Found {
    /// An operation with a handler of its own, and the parameters of its path.
    Route(&'static Route, Vec<Param>),
    /// Something in the generic resource store.
    Stored(Place),
}

impl Found {
    pub(crate) fn bucket(&self) -> &'static Bucket {
        match self {
            Self::Route(route, _) => route.bucket,
            Self::Stored(place) => place.bucket(),
        }
    }

    /// Whether anybody may call it, without credentials.
    pub(crate) fn is_public(&self) -> bool {
        match self {
            Self::Route(route, _) => route.public,
            Self::Stored(place) => place.is_public(),
        }
    }

    /// The values in the path, for the handler.
    pub(crate) fn take_params(&mut self) -> Vec<Param> {
        match self {
            Self::Route(_, params) => std::mem::take(params),
            Self::Stored(_) => Vec::new(),
        }
    }

    pub(crate) fn handle(&self, org: &mut Org, call: &Call<'_>) -> Outcome {
        match self {
            Self::Route(route, _) => (route.handler)(org, call),
            Self::Stored(place) => resources::handle(place, org, call),
        }
    }
}

impl Route {
    /// An operation with a handler of its own.
    pub(crate) const fn new(
        operation: &'static str,
        method: Method,
        template: &'static str,
        bucket: &'static Bucket,
        handler: Function,
    ) -> Self {
        Self {
            operation,
            method,
            template,
            bucket,
            public: false,
            handler,
        }
    }

    /// The same, open to anybody.
    pub(crate) const fn public(mut self) -> Self {
        self.public = true;
        self
    }
}

/// A path parameter's name and its decoded value.
pub(crate) type Param = (&'static str, String);

/// Finds the operation; where a path fits several templates, the one with fixed segments further to the left wins. What has no
/// handler of its own may be in the resource store.
pub(crate) fn route(method: &Method, path: &str) -> Result<Found, ApiError> {
    ROUTER.find(method, path)
}

/// Every operation that has a handler of its own: its id, method and path template.
pub(crate) fn operations() -> impl Iterator<Item = (&'static str, &'static Method, &'static str)> {
    TABLES
        .iter()
        .copied()
        .flatten()
        .map(|route| (route.operation, &route.method, route.template))
}

struct Router {
    root: Node,
}

#[derive(Default)]
struct Node {
    fixed: HashMap<&'static str, Node>,
    parameter: Option<Box<Node>>,
    routes: Vec<&'static Route>,
}

impl Router {
    fn new(routes: impl Iterator<Item = &'static Route>) -> Self {
        let mut root = Node::default();
        for route in routes {
            let node = segments(route.template).fold(&mut root, |node, segment| {
                if parameter_name(segment).is_some() {
                    node.parameter.get_or_insert_default()
                } else {
                    node.fixed.entry(segment).or_default()
                }
            });
            node.routes.push(route);
        }
        Self { root }
    }

    fn find(&self, method: &Method, path: &str) -> Result<Found, ApiError> {
        let path = segments(path)
            .map(|segment| {
                percent_decode_str(segment)
                    .decode_utf8()
                    .map(|segment| segment.into_owned())
            })
            .collect::<Result<Vec<String>, _>>()
            .map_err(|_| ApiError::path_not_found())?;
        let mut known_path = false;
        match self.root.find(method, &path, &mut known_path) {
            Some(route) => {
                let named = segments(route.template).zip(path);
                let params = named.filter_map(|(segment, value)| Some((parameter_name(segment)?, value)));
                Ok(Found::Route(route, params.collect()))
            }
            None if known_path => Err(ApiError::method_not_allowed()),
            None => Place::of(&path).map(Found::Stored).ok_or_else(ApiError::path_not_found),
        }
    }
}

impl Node {
    fn find(&self, method: &Method, path: &[String], known_path: &mut bool) -> Option<&'static Route> {
        let Some((segment, rest)) = path.split_first() else {
            *known_path |= !self.routes.is_empty();
            return self.routes.iter().copied().find(|route| route.method == *method);
        };
        let fixed = self
            .fixed
            .get(segment.as_str())
            .and_then(|node| node.find(method, rest, known_path));
        fixed.or_else(|| self.parameter.as_ref()?.find(method, rest, known_path))
    }
}

/// One slash at the end is forgiven, as Okta forgives it.
fn segments(path: &str) -> impl Iterator<Item = &str> {
    let path = path.strip_prefix('/').unwrap_or(path);
    path.strip_suffix('/').unwrap_or(path).split('/')
}

fn parameter_name(segment: &'static str) -> Option<&'static str> {
    segment.strip_prefix('{')?.strip_suffix('}')
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    fn found(method: Method, path: &str) -> (&'static str, Vec<Param>) {
        match route(&method, path).unwrap() {
            Found::Route(route, params) => (route.operation, params),
            Found::Stored(_) => ("stored", Vec::new()),
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
