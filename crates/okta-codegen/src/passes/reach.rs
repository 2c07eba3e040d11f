//! What leads to what: which area a type belongs to, which types are sent, which are written out.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    error::{Error, Result},
    ir::{Ir, Operation, TypeRef},
    tables::{Spec, Tables},
};

/// The area of types that several areas use.
pub(crate) const COMMON: &str = "common";

/// Drops the types that neither an operation nor the table of orphans leads to.
pub(crate) fn prune(ir: &mut Ir, spec: &Spec) -> Result<()> {
    let orphans = spec.orphans.keys();
    Error::all(
        orphans
            .clone()
            .filter(|name| !ir.types.contains_key(*name))
            .map(|name| Error::table("spec.toml", format!("there is no type `{name}`")))
            .collect(),
    )?;
    let mut reached = BTreeSet::new();
    let operations = ir.operations.iter().flat_map(Operation::names);
    ir.walk(operations.chain(orphans.map(String::as_str)), |name| {
        reached.insert(name.to_owned());
    });
    ir.types.retain(|name, _| reached.contains(name));
    Ok(())
}

/// Gives each type its area, and marks what is sent and what is written.
///
/// The area is the one area from which the type is reached in the whole document, so that a type stays in its file when
/// more areas are written. Types that several areas reach are shared; the table of areas says where they are documented.
pub(crate) fn assign(ir: &mut Ir, tables: &Tables) -> Result<()> {
    let written = &tables.spec.areas;
    let unknown = written
        .iter()
        .filter(|area| !tables.names.groups.iter().any(|group| group.area == **area));
    Error::all(
        unknown
            .map(|area| Error::table("spec.toml", format!("there is no area `{area}`")))
            .collect(),
    )?;

    let mut areas: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for operation in &ir.operations {
        let area = tables.facts.borrowers.get(&operation.id).unwrap_or(&operation.area);
        ir.walk(operation.names(), |name| {
            areas.entry(name.to_owned()).or_default().insert(area.clone());
        });
    }
    for (orphan, area) in &tables.spec.orphans {
        ir.walk([orphan.as_str()], |name| {
            areas.entry(name.to_owned()).or_default().insert(area.clone());
        });
    }
    let orphans = || tables.spec.orphans.iter();
    let mut sent = BTreeSet::new();
    let bodies = ir.operations.iter().filter_map(Operation::body_type);
    let roots = bodies.filter_map(|ty| ty.name());
    ir.walk(roots.chain(orphans().map(|(name, _)| name.as_str())), |name| {
        sent.insert(name.to_owned());
    });
    let mut enabled = BTreeSet::new();
    let operations = ir
        .operations
        .iter()
        .filter(|operation| written.contains(&operation.area));
    let roots = operations.flat_map(Operation::names);
    let orphans = orphans().filter(|(_, area)| written.contains(*area));
    ir.walk(roots.chain(orphans.map(|(name, _)| name.as_str())), |name| {
        enabled.insert(name.to_owned());
    });
    let mut uses: BTreeMap<&str, (BTreeSet<String>, BTreeSet<String>)> = BTreeMap::new();
    for operation in &ir.operations {
        if let Some(name) = operation.response.ty().and_then(TypeRef::name) {
            uses.entry(name).or_default().0.insert(operation.id.clone());
        }
        if let Some(name) = operation.body_type().and_then(|ty| ty.name()) {
            uses.entry(name).or_default().1.insert(operation.id.clone());
        }
    }
    let mut uses: BTreeMap<String, _> = uses.into_iter().map(|(name, uses)| (name.to_owned(), uses)).collect();

    let mut used = BTreeSet::new();
    let mut errors = Vec::new();
    for (name, found) in &mut ir.types {
        let areas = areas.remove(name).unwrap_or_default();
        found.is_shared = areas.len() > 1;
        found.area = match areas.first().filter(|_| !found.is_shared) {
            Some(area) => area.clone(),
            None => home(&found.rust, &areas, tables, &mut used, &mut errors),
        };
        found.is_sent = sent.contains(name);
        found.is_written = enabled.contains(name);
        (found.answer_of, found.body_of) = uses.remove(name).unwrap_or_default();
    }
    for group in &mut ir.groups {
        group.is_written = written.contains(&group.area);
    }
    let patterns = tables.areas.areas.iter().flat_map(|area| &area.shared);
    let unused = patterns.filter(|pattern| !used.contains(pattern.as_str()));
    errors.extend(unused.map(|pattern| Error::table("areas.toml", format!("no shared type fits `{pattern}`"))));
    Error::all(errors)
}

/// The area in whose module a type is documented that several areas use.
fn home<'a>(
    rust: &str,
    areas: &BTreeSet<String>,
    tables: &'a Tables,
    used: &mut BTreeSet<&'a str>,
    errors: &mut Vec<Error>,
) -> String {
    let Some((area, pattern)) = tables.areas.home(rust) else {
        return COMMON.to_owned();
    };
    used.insert(pattern);
    if !areas.contains(&area.name) {
        let problem = format!(
            "`{rust}` fits `{pattern}`, but the area `{}` does not use it",
            area.name
        );
        errors.push(Error::table("areas.toml", problem));
    }
    area.name.clone()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        passes,
        tables::{AreaName, GroupName, Spec},
        testing,
    };

    fn assigned() -> Ir {
        assigned_with(&[]).unwrap()
    }

    /// With these patterns of shared types that are documented in area `a`.
    fn assigned_with(shared: &[&str]) -> Result<Ir> {
        let (registry, raw) = testing::parse(
            "
paths:
  /a: {get: {operationId: getA, tags: [A], responses: {'200': {content: {application/json: {schema: {$ref: '#/components/schemas/A'}}}}}}}
  /b:
    post:
      operationId: postB
      tags: [B]
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/B'}}}}
      responses: {}
  /c: {get: {operationId: borrow, tags: [A], responses: {'200': {content: {application/json: {schema: {$ref: '#/components/schemas/C'}}}}}}}
components:
  schemas:
    A: {type: object, properties: {common: {$ref: '#/components/schemas/Common'}}}
    B: {type: object, properties: {common: {$ref: '#/components/schemas/Common'}, c: {$ref: '#/components/schemas/C'}}}
    C: {type: object, properties: {x: {type: string}}}
    Common: {type: object, properties: {x: {type: string}}}
    Orphan: {type: object, properties: {x: {type: string}}}
",
        );
        let group = |name: &str| GroupName {
            area: name.to_lowercase(),
            name: name.to_lowercase(),
            about: String::new(),
            tags: vec![name.to_owned()],
            nouns: Vec::new(),
        };
        let mut tables = Tables {
            spec: Spec {
                areas: vec!["a".into()],
                ..Spec::default()
            },
            ..Tables::default()
        };
        tables.names.groups = vec![group("A"), group("B")];
        tables.idempotency = testing::idempotency(&raw);
        tables.areas.areas = vec![AreaName {
            name: "a".into(),
            shared: shared.iter().map(|pattern| (*pattern).to_owned()).collect(),
            ..AreaName::default()
        }];
        tables.facts.borrowers.insert("borrow".into(), "b".into());
        let mut ir = Ir {
            types: passes::classify::classify(&registry).unwrap(),
            ..Ir::default()
        };
        passes::operations::add(&mut ir, &registry, &raw, &tables).unwrap();
        prune(&mut ir, &tables.spec).unwrap();
        passes::methods::name(&mut ir, &tables.names).unwrap();
        for (name, found) in &mut ir.types {
            found.rust.clone_from(name);
        }
        assign(&mut ir, &tables)?;
        Ok(ir)
    }

    #[test]
    fn a_type_is_in_the_one_area_that_reaches_it() {
        let ir = assigned();
        let areas: Vec<_> = ir
            .types
            .values()
            .map(|found| (found.name.as_str(), found.area.as_str()))
            .collect();
        assert_eq!(areas, [("A", "a"), ("B", "b"), ("C", "b"), ("Common", "common")]);
    }

    #[test]
    fn the_table_says_where_a_shared_type_is_documented() {
        let ir = assigned_with(&["Com"]).unwrap();
        assert_eq!(ir.types["Common"].area, "a");
        let shared: Vec<&str> = ir
            .types
            .values()
            .filter(|found| found.is_shared)
            .map(|found| found.name.as_str())
            .collect();
        assert_eq!(shared, ["Common"]);
        // `B` is of one area, which decides.
        let error = assigned_with(&["B"]).unwrap_err().to_string();
        assert_eq!(error, "areas.toml: no shared type fits `B`");
    }

    #[test]
    fn what_is_sent_and_what_is_written_follows_from_the_operations() {
        let ir = assigned();
        let of = |is: fn(&crate::ir::Type) -> bool| -> Vec<&str> {
            ir.types
                .values()
                .filter(|found| is(found))
                .map(|found| found.name.as_str())
                .collect()
        };
        assert_eq!(of(|found| found.is_sent), ["B", "C", "Common"]);
        assert_eq!(of(|found| found.is_written), ["A", "C", "Common"]);
        assert_eq!(ir.types["B"].body_of.iter().collect::<Vec<_>>(), ["postB"]);
    }

    #[test]
    fn an_area_that_no_group_is_in_is_an_error() {
        let tables = Tables {
            spec: Spec {
                areas: vec!["gone".into()],
                ..Spec::default()
            },
            ..Tables::default()
        };
        assert_eq!(
            assign(&mut Ir::default(), &tables).unwrap_err().to_string(),
            "spec.toml: there is no area `gone`"
        );
    }

    #[test]
    fn the_real_document_is_held_whole() {
        let Some(ir) = testing::real_ir() else { return };
        assert_eq!(ir.operations.len(), 732);
        assert_eq!(ir.groups.len(), 95);
        assert!(ir.types.len() > 1_200, "{} types", ir.types.len());
        let areas: BTreeSet<&str> = ir.groups.iter().map(|group| group.area.as_str()).collect();
        assert_eq!(areas.len(), 22);
    }
}
