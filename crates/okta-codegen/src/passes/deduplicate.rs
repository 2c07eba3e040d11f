//! Inline types that say the same become one type: the document repeats them in every schema.

use std::collections::BTreeMap;

use crate::{
    ir::{Definition, Field, Ir},
    schema::{Limits, Origin},
    tables::Names,
};

/// Merges inline types that have the same structure and the same last name, and inline enums that have the values of one of
/// the shared enums.
pub(crate) fn deduplicate(ir: &mut Ir, names: &Names) {
    // Types that become equal make the types that mention them equal, so this is repeated until nothing changes.
    loop {
        let replaced = duplicates(ir, names);
        if replaced.is_empty() {
            return;
        }
        ir.types.retain(|name, _| !replaced.contains_key(name));
        let rename = |name: &mut String| {
            if let Some(kept) = replaced.get(name) {
                name.clone_from(kept);
            }
        };
        ir.types
            .values_mut()
            .for_each(|found| found.definition.for_each_name_mut(rename));
        ir.operations
            .iter_mut()
            .for_each(|operation| operation.for_each_name_mut(rename));
    }
}

/// The duplicates and what each is replaced by.
fn duplicates(ir: &Ir, names: &Names) -> BTreeMap<String, String> {
    let mut replaced = BTreeMap::new();
    let mut kept: Vec<(&str, &str, &Definition)> = Vec::new();
    for (name, found) in &ir.types {
        let Origin::Inline(place) = &found.origin else { continue };
        let shared = names.shared_enums.iter().find(|shared| {
            matches!(found.definition, Definition::Enum(_))
                && ir
                    .types
                    .get(*shared)
                    .is_some_and(|shared| says_the_same(&shared.definition, &found.definition))
        });
        if let Some(shared) = shared {
            replaced.insert(name.clone(), shared.clone());
            continue;
        }
        let last = last_name(place);
        match kept
            .iter_mut()
            .find(|(_, other, definition)| *other == last && says_the_same(definition, &found.definition))
        {
            // The shorter name is the more general one.
            Some(entry) if rank(name, names) < rank(entry.0, names) => {
                replaced.insert(entry.0.to_owned(), name.clone());
                for target in replaced.values_mut().filter(|target| *target == entry.0) {
                    target.clone_from(name);
                }
                entry.0 = name;
            }
            Some((other, ..)) => {
                replaced.insert(name.clone(), (*other).to_owned());
            }
            None => kept.push((name, last, &found.definition)),
        }
    }
    replaced
}

/// Whether two types are the same; the order in which an enum lists its values says nothing.
fn says_the_same(a: &Definition, b: &Definition) -> bool {
    match (a, b) {
        (Definition::Enum(a), Definition::Enum(b)) => a.len() == b.len() && a.iter().all(|variant| b.contains(variant)),
        // Limits are documentation: the types are the same without them.
        (Definition::Struct(a), Definition::Struct(b)) => {
            let unlimited = |field: &Field| Field {
                limits: Limits::default(),
                ..field.clone()
            };
            a.len() == b.len()
                && a.iter()
                    .zip(b)
                    .all(|(a, b)| a.wire == b.wire && unlimited(a) == unlimited(b))
        }
        _ => a == b,
    }
}

/// Names that the table gives win, then short ones.
fn rank(name: &str, names: &Names) -> (bool, usize) {
    (!names.types.values().any(|given| given == name), name.len())
}

fn last_name(place: &str) -> &str {
    place.rsplit(['.', '?']).next().unwrap_or(place)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{passes, testing};

    #[test]
    fn inline_types_of_one_structure_and_name_become_one() {
        let (mut registry, mut operations) = testing::parse(
            "components:
  schemas:
    Long: {type: object, properties: {kind: {type: object, properties: {state: {type: string, enum: [P, Q]}}}, other: {type: string, enum: [P, Q]}}}
    B: {type: object, properties: {kind: {type: object, properties: {state: {type: string, enum: [P, Q]}}}, status: {type: string, enum: [OFF, ON]}}}
    OnOff: {type: string, enum: [ON, OFF]}
",
        );
        let names = Names {
            shared_enums: vec!["OnOff".into()],
            ..Names::default()
        };
        passes::hoist::hoist(&mut registry, &mut operations, &names).unwrap();
        let mut ir = Ir {
            types: passes::classify::classify(&registry).unwrap(),
            ..Ir::default()
        };
        deduplicate(&mut ir, &names);
        let mut left: Vec<&String> = ir.types.keys().collect();
        left.sort();
        assert_eq!(left, ["B", "BKind", "BKindState", "Long", "LongOther", "OnOff"]);
        let Definition::Struct(fields) = &ir.types["Long"].definition else {
            panic!()
        };
        assert_eq!(fields[0].ty.to_string(), "BKind");
    }
}
