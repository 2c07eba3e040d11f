//! From method and path to an operation.

use std::{collections::HashMap, sync::LazyLock};

use http::Method;
use percent_encoding::percent_decode_str;

use crate::{
    apps,
    call::Call,
    error::ApiError,
    factors, groups, linked_objects, log_streams, oauth,
    org::Org,
    rate_limit::Bucket,
    reply::Outcome,
    resource::{self, Action, Resource},
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
    log_streams::ROUTES,
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
    handler: Handler,
}

enum Handler {
    Function(Function),
    Resource(&'static Resource, Action),
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
            handler: Handler::Function(handler),
        }
    }

    /// An operation of the generic resource store.
    pub(crate) const fn resource(
        operation: &'static str,
        method: Method,
        template: &'static str,
        resource: &'static Resource,
        action: Action,
    ) -> Self {
        Self {
            operation,
            method,
            template,
            bucket: resource.bucket,
            public: false,
            handler: Handler::Resource(resource, action),
        }
    }

    /// The same, open to anybody.
    pub(crate) const fn public(mut self) -> Self {
        self.public = true;
        self
    }

    /// The scopes without which an access token is not enough.
    pub(crate) fn scopes(&self) -> Vec<String> {
        oauth::scopes::required(&self.method, self.template)
    }

    pub(crate) fn handle(&self, org: &mut Org, call: &Call<'_>) -> Outcome {
        match self.handler {
            Handler::Function(handle) => handle(org, call),
            Handler::Resource(resource, action) => resource::handle(resource, action, org, call),
        }
    }
}

/// A path parameter's name and its decoded value.
pub(crate) type Param = (&'static str, String);

/// Finds the operation; where a path fits several templates, the one with fixed segments further to the left wins.
pub(crate) fn route(method: &Method, path: &str) -> Result<(&'static Route, Vec<Param>), ApiError> {
    ROUTER.find(method, path)
}

/// Every operation: its id, method and path template.
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

    fn find(&self, method: &Method, path: &str) -> Result<(&'static Route, Vec<Param>), ApiError> {
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
                Ok((
                    route,
                    named
                        .filter_map(|(segment, value)| Some((parameter_name(segment)?, value)))
                        .collect(),
                ))
            }
            None if known_path => Err(ApiError::method_not_allowed()),
            None => Err(ApiError::path_not_found()),
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
        let (route, params) = route(&method, path).unwrap();
        (route.operation, params)
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
