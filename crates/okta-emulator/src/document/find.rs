//! From method and path to an operation of the document.

use std::{collections::HashMap, sync::LazyLock};

use http::Method;

use crate::{
    document::{
        operation::{self, Operation},
        schema::View,
    },
    protocol::error::ApiError,
    routing::{
        bucket::OTHER,
        route::Route,
        tree::{Match, Router},
    },
};

static ROUTES: LazyLock<Vec<Route<()>>> = LazyLock::new(|| {
    let routes = operation::all().iter().filter_map(|operation| {
        let method = operation.method.parse().ok()?;
        Some(Route::new(operation.id, method, operation.template, &OTHER, |(), _| {
            Err(ApiError::path_not_found())
        }))
    });
    routes.collect()
});

static ROUTER: LazyLock<Router<()>> = LazyLock::new(|| Router::new(ROUTES.iter()));

static BY_ID: LazyLock<HashMap<&str, &Operation>> = LazyLock::new(|| {
    operation::all()
        .iter()
        .map(|operation| (operation.id, operation))
        .collect()
});

/// The operation of a request, given as decoded segments.
///
/// # Errors
///
/// If the document has no such path, or the path but not with this method.
pub(crate) fn operation(method: &Method, path: &[String]) -> Result<&'static Operation, ApiError> {
    match ROUTER.find(method, path) {
        Match::Route(route, _) => BY_ID.get(route.operation).copied().ok_or_else(ApiError::path_not_found),
        Match::OtherMethod => Err(ApiError::method_not_allowed()),
        Match::Nothing => Err(ApiError::path_not_found()),
    }
}

/// The operation with an id.
pub(crate) fn named(id: &str) -> Option<&'static Operation> {
    BY_ID.get(id).copied()
}

/// Whether the document has an operation.
pub(crate) fn has(method: &Method, path: &str) -> bool {
    operation(method, &segments(path)).is_ok()
}

/// What the document says about the resource that is read at a path.
pub(crate) fn resource(path: &str) -> Option<View> {
    operation(&Method::GET, &segments(path)).ok()?.response()
}

fn segments(path: &str) -> Vec<String> {
    path.split('/').skip(1).map(str::to_owned).collect()
}
