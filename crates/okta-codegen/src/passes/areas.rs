//! What the areas are, and which areas need which: the features of okta-models and okta-client.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    error::{Error, Result},
    ir::{Area, Ir, Operation, Type},
    passes::reach::COMMON,
    tables::Areas,
};

const TABLE: &str = "areas.toml";

/// Lists the areas that are written, and finds out what each, and each operation, needs of others.
///
/// A shared type is compiled always, so only types of one area make another one necessary. An operation that takes or returns
/// another area's types is left out without that area, so that `groups` does not need `apps` for one list.
pub(crate) fn assign(ir: &mut Ir, areas: &Areas) -> Result<()> {
    let written: BTreeSet<&str> = ir
        .groups
        .iter()
        .filter(|group| group.is_written)
        .map(|group| group.area.as_str())
        .collect();
    let mut errors: Vec<Error> = unknown(&written, areas).collect();
    let mut found = Vec::new();
    for name in &written {
        match areas.find(name) {
            Some(area) => found.push(Area {
                name: area.name.clone(),
                about: area.about.clone(),
                needs: needs(ir, ir.types_of(name).into_iter(), name),
            }),
            None => errors.push(Error::table(
                TABLE,
                format!("it does not say what the area `{name}` is"),
            )),
        }
    }
    errors.extend(
        circle(&found).map(|area| Error::table(TABLE, format!("the area `{area}` needs itself by way of others"))),
    );
    Error::all(errors)?;
    let by_operation: Vec<BTreeSet<String>> = ir
        .operations
        .iter()
        .map(|operation| of_operation(ir, &found, operation))
        .collect();
    for (operation, needs) in ir.operations.iter_mut().zip(by_operation) {
        operation.needs = needs;
    }
    ir.areas = found;
    Ok(())
}

fn unknown<'a>(written: &'a BTreeSet<&str>, areas: &'a Areas) -> impl Iterator<Item = Error> {
    let named = areas.areas.iter().map(|area| area.name.as_str());
    named
        .filter(|name| *name != COMMON && !written.contains(name))
        .map(|name| Error::table(TABLE, format!("no group is in the area `{name}`")))
}

/// The areas other than `own` of the types that these mention and that are in one area only.
fn needs<'a>(ir: &'a Ir, types: impl Iterator<Item = &'a Type>, own: &str) -> BTreeSet<String> {
    let mut needs = BTreeSet::new();
    for found in types.filter(|found| !found.is_shared) {
        found.definition.for_each_name(|name| {
            needs.extend(
                ir.types
                    .get(name)
                    .filter(|found| !found.is_shared)
                    .map(|found| found.area.clone()),
            );
        });
    }
    needs.remove(own);
    needs
}

fn of_operation(ir: &Ir, areas: &[Area], operation: &Operation) -> BTreeSet<String> {
    let types = operation
        .names()
        .filter_map(|name| ir.types.get(name))
        .filter(|found| !found.is_shared);
    let all: BTreeSet<String> = types.map(|found| found.area.clone()).collect();
    let given = closure(areas, &operation.area);
    all.into_iter().filter(|area| !given.contains(area.as_str())).collect()
}

/// The area and all that it leads to.
fn closure<'a>(areas: &'a [Area], from: &'a str) -> BTreeSet<&'a str> {
    let by_name: BTreeMap<&str, &Area> = areas.iter().map(|area| (area.name.as_str(), area)).collect();
    let mut reached = BTreeSet::new();
    let mut todo = vec![from];
    while let Some(name) = todo.pop() {
        if reached.insert(name) {
            todo.extend(
                by_name
                    .get(name)
                    .into_iter()
                    .flat_map(|area| &area.needs)
                    .map(String::as_str),
            );
        }
    }
    reached
}

/// Areas that lead back to themselves: cargo has no such features.
fn circle(areas: &[Area]) -> impl Iterator<Item = &str> {
    let leads_back = |area: &&Area| {
        area.needs
            .iter()
            .any(|need| closure(areas, need).contains(area.name.as_str()))
    };
    areas.iter().filter(leads_back).map(|area| area.name.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing;

    fn area(name: &str, needs: &[&str]) -> Area {
        Area {
            name: name.to_owned(),
            about: String::new(),
            needs: needs.iter().map(|need| (*need).to_owned()).collect(),
        }
    }

    #[test]
    fn areas_that_need_each_other_are_found() {
        let areas = [area("a", &["b"]), area("b", &["c"]), area("c", &[])];
        assert_eq!(closure(&areas, "a").into_iter().collect::<Vec<_>>(), ["a", "b", "c"]);
        assert_eq!(circle(&areas).count(), 0);
        let areas = [area("a", &["b"]), area("b", &["a"]), area("c", &["a"])];
        assert_eq!(circle(&areas).collect::<Vec<_>>(), ["a", "b"]);
    }

    #[test]
    fn a_program_with_users_and_groups_compiles_a_small_part_of_the_types() {
        let Some(ir) = testing::real_ir() else { return };
        let wanted: BTreeSet<&str> = ["users", "groups"]
            .iter()
            .flat_map(|name| closure(&ir.areas, name))
            .collect();
        assert_eq!(wanted.len(), 2, "{wanted:?}");
        let written = || ir.types.values().filter(|found| found.is_written);
        let compiled = written()
            .filter(|found| found.is_shared || wanted.contains(found.area.as_str()))
            .count();
        assert!(compiled * 10 < written().count(), "{compiled} of {}", written().count());
    }

    #[test]
    fn an_operation_that_returns_another_areas_types_needs_that_area() {
        let Some(ir) = testing::real_ir() else { return };
        let needing = ir.operations.iter().filter(|operation| !operation.needs.is_empty());
        let needing: Vec<(&str, Vec<&str>)> = needing
            .map(|operation| {
                (
                    operation.id.as_str(),
                    operation.needs.iter().map(String::as_str).collect(),
                )
            })
            .collect();
        assert_eq!(
            needing,
            [
                ("listAssignedApplicationsForGroup", vec!["apps"]),
                ("listPolicyApps", vec!["apps"])
            ]
        );
    }
}
