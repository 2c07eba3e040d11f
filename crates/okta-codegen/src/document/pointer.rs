//! Short addresses of places in the document, for the table of patches.
//!
//! `schemas/User/properties/type` and `operations/listUsers/responses/200` start at a component schema and at an
//! operation; everything else starts at the root. `~1` stands for `/` and `~0` for `~` inside a segment, as in RFC 6901.

use super::node::Node;

const METHODS: [&str; 5] = ["get", "put", "post", "patch", "delete"];

/// The segments from the root to the place `at`; nothing if it names an operation that does not exist.
pub(super) fn resolve(document: &Node, at: &str) -> Option<Vec<String>> {
    let mut segments = at
        .split('/')
        .map(|segment| segment.replace("~1", "/").replace("~0", "~"));
    let first = segments.next()?;
    let mut path = match first.as_str() {
        "schemas" | "parameters" | "responses" | "requestBodies" => vec!["components".to_owned(), first],
        "operations" => operation(document, &segments.next()?)?,
        _ => vec![first],
    };
    path.extend(segments);
    Some(path)
}

fn operation(document: &Node, id: &str) -> Option<Vec<String>> {
    document.get("paths")?.as_map()?.iter().find_map(|(path, item)| {
        let method = METHODS.iter().find(|method| {
            item.get(method)
                .and_then(|operation| operation.get("operationId"))
                .and_then(Node::as_str)
                == Some(id)
        })?;
        Some(vec!["paths".to_owned(), path.clone(), (*method).to_owned()])
    })
}

/// The place that `path` leads to.
pub(super) fn find<'a>(node: &'a mut Node, path: &[String]) -> Option<&'a mut Node> {
    path.iter().try_fold(node, |node, segment| match node {
        Node::Map(members) => members.get_mut(segment),
        Node::List(items) => items.get_mut(segment.parse::<usize>().ok()?),
        _ => None,
    })
}
