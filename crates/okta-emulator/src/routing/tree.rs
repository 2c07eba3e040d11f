//! From method and path to a route.

use std::collections::HashMap;

use http::Method;
use percent_encoding::percent_decode_str;

use crate::{
    protocol::error::ApiError,
    routing::route::{Param, Route},
};

/// Routes by the segments of their paths.
pub(crate) struct Router<S: 'static> {
    root: Node<S>,
}

struct Node<S: 'static> {
    fixed: HashMap<&'static str, Node<S>>,
    parameter: Option<Box<Node<S>>>,
    routes: Vec<&'static Route<S>>,
}

/// What a router knows about a path.
pub(crate) enum Match<S: 'static> {
    /// A route, and the parameters of its path.
    Route(&'static Route<S>, Vec<Param>),
    /// The path has routes, but none for this method.
    OtherMethod,
    /// The path has no routes.
    Nothing,
}

impl<S> Router<S> {
    pub(crate) fn new(routes: impl Iterator<Item = &'static Route<S>>) -> Self {
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

    /// Finds the route of a path given as decoded segments. If several templates match, the one with fixed segments
    /// further to the left wins.
    pub(crate) fn find(&self, method: &Method, path: &[String]) -> Match<S> {
        let mut known_path = false;
        match self.root.find(method, path, &mut known_path) {
            Some(route) => {
                let named = segments(route.template).zip(path);
                let params = named.filter_map(|(segment, value)| Some((parameter_name(segment)?, value.clone())));
                Match::Route(route, params.collect())
            }
            None if known_path => Match::OtherMethod,
            None => Match::Nothing,
        }
    }
}

impl<S> Default for Node<S> {
    fn default() -> Self {
        Self {
            fixed: HashMap::new(),
            parameter: None,
            routes: Vec::new(),
        }
    }
}

impl<S> Node<S> {
    fn find(&self, method: &Method, path: &[String], known_path: &mut bool) -> Option<&'static Route<S>> {
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

/// The decoded segments of a path as sent. One trailing slash is ignored, as Okta ignores it.
///
/// # Errors
///
/// If a segment is not UTF-8.
pub(crate) fn decoded(path: &str) -> Result<Vec<String>, ApiError> {
    segments(path)
        .map(|segment| {
            percent_decode_str(segment)
                .decode_utf8()
                .map(|segment| segment.into_owned())
        })
        .collect::<Result<Vec<String>, _>>()
        .map_err(|_| ApiError::path_not_found())
}

fn segments(path: &str) -> impl Iterator<Item = &str> {
    let path = path.strip_prefix('/').unwrap_or(path);
    path.strip_suffix('/').unwrap_or(path).split('/')
}

fn parameter_name(segment: &'static str) -> Option<&'static str> {
    segment.strip_prefix('{')?.strip_suffix('}')
}
