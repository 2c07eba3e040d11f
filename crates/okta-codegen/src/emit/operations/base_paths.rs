//! The paths that the operations of a group share.

use std::collections::BTreeMap;

use crate::{emit::lines, ir::Operation};

/// The paths of the operations: as few prefixes as possible.
pub(super) fn base_paths(operations: &[&Operation]) -> String {
    let paths = operations.iter().map(|operation| operation.path.split('/').collect());
    let paths: Vec<String> = bases(paths.collect())
        .into_iter()
        .map(|path| format!("`{path}`"))
        .collect();
    lines::some_of(&paths, usize::MAX)
}

fn bases(paths: Vec<Vec<&str>>) -> Vec<String> {
    let mut common = paths.first().cloned().unwrap_or_default();
    for path in &paths {
        let same = common.iter().zip(path).take_while(|(a, b)| a == b).count();
        common.truncate(same);
    }
    let says_nothing = matches!(&common[..], [] | [""] | ["", "api"] | ["", "api", "v1"]);
    if !says_nothing {
        return vec![common.join("/")];
    }
    let mut apart: BTreeMap<&str, Vec<Vec<&str>>> = BTreeMap::new();
    for path in paths {
        let next = path.get(common.len()).copied().unwrap_or_default();
        apart.entry(next).or_default().push(path);
    }
    apart.into_values().flat_map(bases).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn beginnings_of_paths_are_as_few_as_say_something() {
        for (paths, expected) in [
            (&["/api/v1/groups", "/api/v1/groups/{id}"][..], &["/api/v1/groups"][..]),
            (
                &[
                    "/api/v1/users/{id}/roles",
                    "/api/v1/iam/x",
                    "/api/v1/users/{id}/roles/{id}",
                    "/.well-known/y",
                ],
                &["/.well-known/y", "/api/v1/iam/x", "/api/v1/users/{id}/roles"],
            ),
        ] {
            assert_eq!(
                bases(paths.iter().map(|path| path.split('/').collect()).collect()),
                expected
            );
        }
    }
}
