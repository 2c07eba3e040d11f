//! What leads to what: which area a type belongs to, which types are sent, which are written out.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    error::{Error, Result},
    ir::{Ir, Operation},
    tables::Tables,
};

/// The area of types that several areas use.
pub(crate) const COMMON: &str = "common";

/// Drops the types that no operation leads to.
pub(crate) fn prune(ir: &mut Ir) {
    let mut reached = BTreeSet::new();
    ir.walk(ir.operations.iter().flat_map(Operation::names), |name| {
        reached.insert(name.to_owned());
    });
    ir.types.retain(|name, _| reached.contains(name));
}

/// Gives each type its area, and marks what is sent and what is written.
///
/// The area is the one area from which the type is reached in the whole document, so that a type stays in its file when
/// more areas are written.
pub(crate) fn assign(ir: &mut Ir, tables: &Tables) -> Result<()> {
    let written = &tables.spec.areas;
    let unknown = written.iter().filter(|area| !tables.names.groups.iter().any(|group| group.area == **area));
    Error::all(unknown.map(|area| Error::table("spec.toml", format!("there is no area `{area}`"))).collect())?;

    let mut areas: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for operation in &ir.operations {
        let area = tables.facts.borrowers.get(&operation.id).unwrap_or(&operation.area);
        ir.walk(operation.names(), |name| {
            areas.entry(name.to_owned()).or_default().insert(area.clone());
        });
    }
    let mut sent = BTreeSet::new();
    let bodies = ir.operations.iter().filter_map(Operation::body_type);
    ir.walk(bodies.filter_map(|ty| ty.name()), |name| {
        sent.insert(name.to_owned());
    });
    let mut enabled = BTreeSet::new();
    let operations = ir.operations.iter().filter(|operation| written.contains(&operation.area));
    ir.walk(operations.flat_map(Operation::names), |name| {
        enabled.insert(name.to_owned());
    });
    let mut uses: BTreeMap<&str, (BTreeSet<String>, BTreeSet<String>)> = BTreeMap::new();
    for operation in &ir.operations {
        for name in operation.response.types().into_iter().filter_map(|ty| ty.name()) {
            uses.entry(name).or_default().0.insert(operation.id.clone());
        }
        if let Some(name) = operation.body_type().and_then(|ty| ty.name()) {
            uses.entry(name).or_default().1.insert(operation.id.clone());
        }
    }
    let mut uses: BTreeMap<String, _> = uses.into_iter().map(|(name, uses)| (name.to_owned(), uses)).collect();

    for (name, found) in &mut ir.types {
        let areas = areas.remove(name).unwrap_or_default();
        found.area = if areas.len() == 1 { areas.into_iter().collect() } else { COMMON.to_owned() };
        found.is_sent = sent.contains(name);
        found.is_written = enabled.contains(name);
        (found.answer_of, found.body_of) = uses.remove(name).unwrap_or_default();
    }
    for group in &mut ir.groups {
        group.is_written = written.contains(&group.area);
    }
    Ok(())
}
