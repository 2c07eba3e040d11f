//! The table of all operations, and the searches in it.

use std::{
    borrow::Cow,
    collections::HashMap,
    iter::{Copied, Flatten},
    slice::Iter,
    sync::OnceLock,
};

use http::Method;
use okta_transport::Operation;
use percent_encoding::percent_decode_str;

/// All operations that have a method, those of the areas whose features are enabled, with the facts about each: id, method, path, scopes, credentials.
///
/// Use it to request only the scopes that a program needs, to list the operations, and to find the operation of a request from
/// elsewhere (a log, a proxy, a test server). The table is a constant; the first search by path builds an index.
///
/// ```
/// use http::Method;
///
/// let operations = okta_client::operations();
/// assert_eq!(operations.len(), 732);
///
/// let operation = operations.by_path(&Method::GET, "/api/v1/users/00u1/groups").ok_or("there is none")?;
/// assert_eq!(operation.id, "listUserGroups");
/// assert_eq!(operation.scopes, ["okta.users.read"]);
///
/// let paths: Vec<&str> = operations.with_tag("UserSessions").map(|operation| operation.path_template).collect();
/// assert_eq!(paths, ["/api/v1/users/{userId}/sessions"]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Operations(&'static [&'static [&'static Operation]]);

/// All operations, those of a group together.
pub type OperationsIter = Copied<Flatten<Copied<Iter<'static, &'static [&'static Operation]>>>>;

impl Operations {
    pub(crate) const fn new(groups: &'static [&'static [&'static Operation]]) -> Self {
        Self(groups)
    }

    /// How many there are.
    #[must_use]
    pub const fn len(self) -> usize {
        let (mut len, mut group) = (0, 0);
        while group < self.0.len() {
            len += self.0[group].len();
            group += 1;
        }
        len
    }

    /// Whether there are none.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// All of them, those of a group together.
    pub fn iter(self) -> OperationsIter {
        self.0.iter().copied().flatten().copied()
    }

    /// The operation of this id of Okta's reference, `listUsers` for example.
    #[must_use]
    pub fn by_id(self, id: &str) -> Option<&'static Operation> {
        self.iter().find(|operation| operation.id == id)
    }

    /// The operation that a request with this method and path is for.
    ///
    /// `path` is percent-encoded, as in an address; a query or fragment after it, a slash at its end and what is encoded
    /// without need do not matter.
    /// Where several templates fit, a fixed segment wins over a parameter from the left on: `/api/v1/groups/rules` are
    /// the group rules and not the group `rules`. An operation's own template finds the operation.
    #[must_use]
    pub fn by_path(self, method: &Method, path: &str) -> Option<&'static Operation> {
        let path = path.split(['?', '#']).next().unwrap_or_default();
        let path = path.strip_suffix('/').unwrap_or(path);
        let key = index_key(path);
        // There is one table in a program, so one index.
        let index = INDEX.get_or_init(|| index(self));
        let candidates = [key.as_ref(), ""].into_iter().filter_map(|key| index.get(key));
        let fitting = candidates
            .flatten()
            .copied()
            .filter(|operation| operation.method == *method && fits(operation.path_template, path));
        fitting.min_by(|a, b| parameters(a.path_template).cmp(parameters(b.path_template)))
    }

    /// The operations under this tag of Okta's reference, `UserLifecycle` for example.
    pub fn with_tag(self, tag: &str) -> impl Iterator<Item = &'static Operation> {
        self.iter().filter(move |operation| operation.tag == tag)
    }

    /// The operations that need this OAuth 2.0 scope, `okta.users.read` for example; the constants are in
    /// [`api::scopes`](crate::api::scopes).
    pub fn with_scope(self, scope: &str) -> impl Iterator<Item = &'static Operation> {
        self.iter().filter(move |operation| operation.scopes.contains(&scope))
    }
}

impl IntoIterator for Operations {
    type Item = &'static Operation;
    type IntoIter = OperationsIter;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

fn is_parameter(segment: &str) -> bool {
    segment.starts_with('{')
}

/// The operations by the segment that distinguishes most of them: `users` of `/api/v1/users/{id}`. Those without one are under
/// the empty key.
static INDEX: OnceLock<Index> = OnceLock::new();

type Index = HashMap<&'static str, Vec<&'static Operation>>;

fn index(operations: Operations) -> Index {
    let mut index = Index::new();
    for operation in operations {
        let key = key_segment(operation.path_template);
        let key = if is_parameter(key) { "" } else { key };
        index.entry(key).or_default().push(operation);
    }
    index
}

fn key_segment(path: &str) -> &str {
    path.split('/').nth(3).unwrap_or_default()
}

fn index_key(path: &str) -> Cow<'_, str> {
    decoded(key_segment(path))
}

/// A segment as the server reads it.
fn decoded(segment: &str) -> Cow<'_, str> {
    percent_decode_str(segment).decode_utf8_lossy()
}

/// Whether a path is one of the template: as many segments, fixed ones the same, parameters not empty.
fn fits(template: &str, path: &str) -> bool {
    let mut segments = path.split('/');
    let fit = template.split('/').all(|expected| {
        segments.next().is_some_and(|segment| {
            if is_parameter(expected) {
                !segment.is_empty()
            } else {
                expected == segment || (segment.contains('%') && decoded(segment) == expected)
            }
        })
    });
    fit && segments.next().is_none()
}

/// For each segment, whether it is a parameter; compared in order, `false` comes first.
fn parameters(template: &str) -> impl Iterator<Item = bool> {
    template.split('/').map(is_parameter)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::operations;

    fn found(method: Method, path: &str) -> Option<&'static str> {
        operations().by_path(&method, path).map(|operation| operation.id)
    }

    #[test]
    fn each_of_the_732_is_found_by_its_id_its_template_and_a_path() {
        assert_eq!(operations().len(), 732);
        let mut ids = BTreeSet::new();
        for operation in operations() {
            assert!(ids.insert(operation.id), "{} stands twice", operation.id);
            assert_eq!(
                operations().by_id(operation.id).map(|found| found.id),
                Some(operation.id)
            );
            let template = operation.path_template;
            assert_eq!(found(operation.method.clone(), template), Some(operation.id));
            let concrete = template
                .split('/')
                .map(|segment| if is_parameter(segment) { "00a%2F1" } else { segment });
            let concrete = concrete.collect::<Vec<_>>().join("/");
            assert_eq!(
                found(operation.method.clone(), &concrete),
                Some(operation.id),
                "{concrete}"
            );
            assert!(
                operations()
                    .with_tag(operation.tag)
                    .any(|found| found.id == operation.id)
            );
            for scope in operation.scopes {
                assert!(operations().with_scope(scope).any(|found| found.id == operation.id));
            }
        }
    }

    #[test]
    fn fixed_segments_win_over_parameters() {
        for (path, id) in [
            ("/api/v1/groups/rules", "listGroupRules"),
            ("/api/v1/groups/00g1", "getGroup"),
            ("/api/v1/idps/credentials/keys", "listIdentityProviderKeys"),
            ("/api/v1/meta/schemas/user/linkedObjects", "listLinkedObjectDefinitions"),
            ("/api/v1/meta/schemas/user/default", "getUserSchema"),
        ] {
            assert_eq!(found(Method::GET, path), Some(id), "{path}");
        }
        assert_eq!(
            found(Method::POST, "/api/v1/policies/simulate"),
            Some("createPolicySimulation")
        );
        assert_eq!(
            found(Method::DELETE, "/api/v1/api-tokens/current"),
            Some("revokeCurrentApiToken")
        );
    }

    #[test]
    fn queries_and_slashes_behind_a_path_do_not_matter() {
        assert_eq!(found(Method::GET, "/api/v1/users/?limit=2"), Some("listUsers"));
        assert_eq!(found(Method::GET, "/api/v1/users/me#x"), Some("getUser"));
    }

    #[test]
    fn what_is_encoded_without_need_is_read_as_the_server_reads_it() {
        for path in [
            "/api/v1/%75sers/00u1",
            "/api/%76%31/users/a%2Fb",
            "/%61pi/v1/users/00u1/?x",
        ] {
            assert_eq!(found(Method::DELETE, path), Some("deleteUser"), "{path}");
        }
        assert_eq!(found(Method::GET, "/api/v1/groups/%72ules"), Some("listGroupRules"));
        assert_eq!(found(Method::DELETE, "/api/v1/users%2F00u1"), None);
    }

    #[test]
    fn what_is_no_operation_is_not_found() {
        for path in [
            "",
            "/",
            "/api/v1",
            "/api/v1/users//groups",
            "/api/v1/authn",
            "api/v1/users",
            "//api/v1/users",
        ] {
            assert_eq!(found(Method::GET, path), None, "{path}");
        }
        assert_eq!(found(Method::PATCH, "/api/v1/users"), None);
        assert!(operations().by_id("ListUsers").is_none());
        assert_eq!(
            operations().with_tag("").count() + operations().with_scope("").count(),
            0
        );
    }
}
