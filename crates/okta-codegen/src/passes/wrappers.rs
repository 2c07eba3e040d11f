//! `allOf` that is none: a reference with notes next to it, which the document has to write as `allOf` to be allowed to.

use std::collections::BTreeSet;

use crate::{
    operation::RawOperation,
    schema::{Object, Registry, Schema, Shape},
};

/// Replaces every `allOf` with one real part by that part, and keeps the notes of the others.
pub(crate) fn unwrap(registry: &mut Registry, operations: &mut [RawOperation]) {
    let variants = variants(registry);
    for (name, entry) in &mut registry.entries {
        if variants.contains(name) {
            // A variant is a type of its own, even if it adds nothing to its base.
            entry.schema.for_each_child_mut(unwrap_schema);
        } else {
            unwrap_schema(&mut entry.schema);
        }
    }
    operations
        .iter_mut()
        .flat_map(RawOperation::schemas_mut)
        .for_each(unwrap_schema);
}

/// The schemas that are variants of some union.
fn variants(registry: &Registry) -> BTreeSet<String> {
    fn collect(schema: &Schema, variants: &mut BTreeSet<String>) {
        let discriminator = match &schema.shape {
            Shape::Object(object) => object.discriminator.as_ref(),
            Shape::OneOf(alternatives) => alternatives.discriminator.as_ref(),
            _ => None,
        };
        variants.extend(
            discriminator
                .into_iter()
                .flat_map(|found| found.mapping.values().cloned()),
        );
        schema.for_each_child(|child| collect(child, variants));
    }
    let mut variants = BTreeSet::new();
    registry
        .entries
        .values()
        .for_each(|entry| collect(&entry.schema, &mut variants));
    variants
}

fn unwrap_schema(schema: &mut Schema) {
    schema.for_each_child_mut(unwrap_schema);
    let Shape::AllOf(parts) = &mut schema.shape else { return };
    for part in parts.iter() {
        // The notes of a part with members are about these members' owner, not about the member that wraps it.
        if !matches!(part.shape, Shape::Object(_)) {
            schema.notes.add(&part.notes);
        }
    }
    let has_reference = parts.iter().any(|part| matches!(part.shape, Shape::Reference(_)));
    parts.retain(|part| match &part.shape {
        Shape::Anything => false,
        // What narrows a reference down without adding members says nothing about the type.
        Shape::Scalar(_) | Shape::Enumeration(_) => !has_reference,
        Shape::Object(object) => !(has_reference && adds_nothing(object)),
        _ => true,
    });
    let has_enumeration = parts.iter().any(|part| matches!(part.shape, Shape::Enumeration(_)));
    parts.retain(|part| !(has_enumeration && matches!(part.shape, Shape::Scalar(_))));
    if parts.len() <= 1 {
        schema.shape = parts.pop().map_or(Shape::Anything, |part| part.shape);
    }
}

fn adds_nothing(object: &Object) -> bool {
    object.members.is_empty() && object.discriminator.is_none()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing;

    #[test]
    fn notes_next_to_a_reference_leave_the_reference() {
        let (mut registry, mut operations) = testing::parse(
            "components:
  schemas:
    A:
      type: object
      properties:
        one: {allOf: [{$ref: '#/components/schemas/B'}, {readOnly: true}, {description: x}]}
        two: {allOf: [{default: Y}, {$ref: '#/components/schemas/B'}, {type: object}]}
        three: {allOf: [{$ref: '#/components/schemas/B'}, {type: object, properties: {x: {type: string}}}]}
        four: {allOf: [{type: string}, {enum: [P, Q]}]}
        five: {allOf: [{type: object, properties: {x: {type: string}}}]}
        six: {allOf: [{$ref: '#/components/schemas/B'}, {required: [x]}]}
    B: {type: object}
",
        );
        unwrap(&mut registry, &mut operations);
        assert_eq!(
            testing::shape(&registry, "A"),
            "{one: B [read-only], two: B, three: B & {x: String}, four: (P|Q), five: {x: String}, six: B}"
        );
    }

    #[test]
    fn a_variant_that_adds_nothing_stays_a_type() {
        let (mut registry, mut operations) = testing::parse(
            "components:
  schemas:
    A: {type: object, properties: {k: {type: string}}, discriminator: {propertyName: k, mapping: {x: '#/components/schemas/B'}}}
    B: {allOf: [{$ref: '#/components/schemas/A'}]}
    C: {allOf: [{$ref: '#/components/schemas/A'}]}
",
        );
        unwrap(&mut registry, &mut operations);
        assert!(matches!(registry.find("B").unwrap().shape, Shape::AllOf(_)));
        assert!(matches!(registry.find("C").unwrap().shape, Shape::Reference(_)));
    }
}
