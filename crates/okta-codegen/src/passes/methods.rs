//! Operation ids become groups and methods: `okta.users().list_groups(…)` for `listUserGroups`.

use std::collections::BTreeMap;

use crate::{
    error::{Error, Result},
    ir::{Group, Ir},
    tables::{GroupName, Names},
    words,
};

const TABLE: &str = "names.toml";
/// Methods that every group has from a trait.
const DERIVED: [&str; 7] = ["clone", "clone_from", "fmt", "from", "into", "to_owned", "try_into"];

/// Names all operations, and lists the groups in the order of the table.
pub(crate) fn name(ir: &mut Ir, names: &Names) -> Result<()> {
    let mut errors = Vec::new();
    for id in names.methods.keys().chain(names.titles.keys()) {
        if !ir.operations.iter().any(|operation| operation.id == *id) {
            errors.push(Error::table(TABLE, format!("there is no operation `{id}`")));
        }
    }
    let mut taken: BTreeMap<(String, String), String> = BTreeMap::new();
    for operation in &mut ir.operations {
        let Some(group) = names.groups.iter().find(|group| group.name == operation.group) else {
            continue;
        };
        operation.name = match names.methods.get(&operation.id) {
            Some(name) => name.clone(),
            None => method_name(&operation.id, group),
        };
        if DERIVED.contains(&operation.name.as_str()) {
            let problem = format!(
                "`{}` would be `{}().{}`, which hides the method of a trait that the group implements: name it in [methods]",
                operation.id, group.name, operation.name
            );
            errors.push(Error::table(TABLE, problem));
        }
        if let Some(other) = taken.insert((group.name.clone(), operation.name.clone()), operation.id.clone()) {
            let problem = format!(
                "`{other}` and `{}` would both be `{}().{}`: name one in [methods]",
                operation.id, group.name, operation.name
            );
            errors.push(Error::table(TABLE, problem));
        }
    }
    ir.groups = names
        .groups
        .iter()
        .filter(|group| ir.operations.iter().any(|operation| operation.group == group.name))
        .map(|group| Group {
            name: group.name.clone(),
            area: group.area.clone(),
            about: group.about.clone(),
            tags: group.tags.clone(),
            is_written: false,
        })
        .collect();
    Error::all(errors)
}

/// The rule: the verb, and of the rest what the group does not say already.
fn method_name(id: &str, group: &GroupName) -> String {
    const PREPOSITIONS: [&str; 6] = ["to", "from", "for", "in", "of", "by"];
    let nouns = nouns(group);
    let mut words = words::words(id);
    // `… from group` at the end.
    for noun in &nouns {
        let start = words.len().saturating_sub(noun.len() + 1);
        if start > 0 && PREPOSITIONS.contains(&words[start].as_str()) && words[start + 1..] == noun[..] {
            words.truncate(start);
            break;
        }
    }
    // The noun right after the verb.
    for noun in &nouns {
        if words.len() > noun.len() && words[1..=noun.len()] == noun[..] {
            words.drain(1..=noun.len());
            break;
        }
    }
    if words.len() > 1 && words[1] == "all" {
        words.remove(1);
    }
    if words.last().is_some_and(|word| PREPOSITIONS.contains(&word.as_str())) {
        words.pop();
    }
    words.join("_")
}

/// The group's nouns as words, the longest first.
fn nouns(group: &GroupName) -> Vec<Vec<String>> {
    let mut nouns: Vec<Vec<String>> = group.nouns.iter().map(|noun| words::words(noun)).collect();
    nouns.sort_by_key(|noun| std::cmp::Reverse(noun.len()));
    nouns
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{tables::Tables, testing};

    fn group(nouns: &[&str]) -> GroupName {
        let nouns = nouns.iter().map(|noun| (*noun).to_owned()).collect();
        GroupName {
            area: "a".into(),
            name: "g".into(),
            about: String::new(),
            tags: Vec::new(),
            nouns,
        }
    }

    #[test]
    fn a_method_name_drops_what_the_group_says() {
        for (id, nouns, name) in [
            ("assignUserToGroup", &["Group", "Groups"][..], "assign_user"),
            ("listUsers", &["User", "Users"], "list"),
            ("activatePolicyRule", &["Policy", "Policies"], "activate_rule"),
            ("listUserGroups", &["User", "Users"], "list_groups"),
        ] {
            assert_eq!(method_name(id, &group(nouns)), name);
        }
    }

    #[test]
    fn all_names_are_those_of_the_analysis() {
        let (Some(shared), Some(ir)) = (testing::shared(), testing::real_ir()) else {
            return;
        };
        let table = std::fs::read_to_string(shared.join("field-notes/data/operations.tsv")).unwrap();
        let mut lines = table.lines();
        let header: Vec<&str> = lines.next().unwrap().split('\t').collect();
        let column = |name: &str| header.iter().position(|column| *column == name).unwrap();
        let (id, area, group, method) = (
            column("operationId"),
            column("area"),
            column("group"),
            column("rust_method"),
        );
        let expected: BTreeMap<String, String> = lines
            .map(|line| line.split('\t').collect::<Vec<_>>())
            .map(|row| {
                (
                    row[id].to_owned(),
                    format!("{}: {}().{}()", row[area], row[group], row[method]),
                )
            })
            .collect();
        // Named otherwise since the analysis: no method shadows `Clone`.
        let renamed = ["cloneApplicationKey", "cloneIdentityProviderKey", "clonePolicy"];
        let found: BTreeMap<String, String> = ir
            .operations
            .iter()
            .map(|operation| {
                (
                    operation.id.clone(),
                    format!("{}: {}().{}()", operation.area, operation.group, operation.name),
                )
            })
            .collect();
        assert_eq!(found.len(), 732);
        let differing: Vec<_> = expected
            .iter()
            .filter(|(id, name)| !renamed.contains(&id.as_str()) && found.get(*id) != Some(*name))
            .collect();
        let found: Vec<_> = differing.iter().map(|(id, _)| (*id, found.get(*id))).collect();
        assert!(differing.is_empty(), "expected {differing:#?}, found {found:#?}");
    }

    #[test]
    fn no_method_hides_one_of_a_trait() {
        let Some(mut ir) = testing::real_ir() else { return };
        let mut names = Tables::load().unwrap().names;
        names.methods.shift_remove("clonePolicy");
        let error = name(&mut ir, &names).unwrap_err().to_string();
        assert!(error.contains("`clonePolicy` would be `policies().clone`"), "{error}");
    }

    #[test]
    fn every_limit_is_a_number() {
        let Some(ir) = testing::real_ir() else { return };
        let limits = ir.operations.iter().flat_map(|operation| {
            let limits = operation.query.iter().filter(|parameter| parameter.wire == "limit");
            limits.map(|parameter| (&operation.id, &parameter.ty))
        });
        let other: Vec<_> = limits.filter(|(_, ty)| **ty != crate::ir::TypeRef::Integer).collect();
        assert!(other.is_empty(), "{other:?}");
    }

    #[test]
    fn the_table_names_operations_that_exist() {
        let names = Tables::load().unwrap().names;
        let error = name(&mut Ir::default(), &names).unwrap_err().to_string();
        assert!(error.contains("there is no operation `listJwk`"), "{error}");
    }
}
