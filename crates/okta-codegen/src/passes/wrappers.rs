//! `allOf` that only adds notes to a reference, which the document has to write as `allOf` to be allowed to.
//!
//! A request's schema is often the response's schema and a list of required members. Both become one type, so that what was
//! read can be sent; the type then requires what the request requires, and its `new(…)` asks for it.

use std::collections::BTreeSet;

use crate::{
    operation::RawOperation,
    schema::{Object, Registry, Schema, Shape},
};

/// Replaces every `allOf` with one real part by that part, and keeps the notes of the others.
pub(crate) fn unwrap(registry: &mut Registry, operations: &mut [RawOperation]) {
    let variants = variants(registry);
    let mut required = Vec::new();
    for (name, entry) in &mut registry.entries {
        if variants.contains(name) {
            // A variant is a separate type, even if it adds nothing to its base.
            entry
                .schema
                .for_each_child_mut(|child| unwrap_schema(child, &mut required));
        } else {
            unwrap_schema(&mut entry.schema, &mut required);
        }
    }
    operations
        .iter_mut()
        .flat_map(RawOperation::schemas_mut)
        .for_each(|schema| unwrap_schema(schema, &mut required));
    for requirement in required {
        require(registry, requirement);
    }
}

/// Members that a wrapper requires of the schema it refers to.
struct Requirement {
    schema: String,
    members: Vec<String>,
}

/// Adds the requirement to the schema itself.
fn require(registry: &mut Registry, requirement: Requirement) {
    let Requirement { mut schema, members } = requirement;
    // A chain of references cannot be longer than there are schemas, unless it is a circle.
    for _ in 0..registry.entries.len() {
        match registry.find(&schema).map(|found| &found.shape) {
            Some(Shape::Reference(next)) => schema = next.clone(),
            _ => break,
        }
    }
    let Some(entry) = registry.entries.get_mut(&schema) else {
        return;
    };
    match &mut entry.schema.shape {
        Shape::Object(object) => {
            let missing: Vec<String> = members
                .into_iter()
                .filter(|member| !object.required.contains(member))
                .collect();
            object.required.extend(missing);
        }
        Shape::AllOf(parts) => parts.push(Schema::of(Shape::Object(Object {
            required: members,
            ..Object::default()
        }))),
        _ => {}
    }
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

fn unwrap_schema(schema: &mut Schema, required: &mut Vec<Requirement>) {
    schema.for_each_child_mut(|child| unwrap_schema(child, required));
    let Shape::AllOf(parts) = &mut schema.shape else { return };
    for part in parts.iter() {
        // The notes of a part with members are about these members' owner, not about the member that wraps it.
        if !matches!(part.shape, Shape::Object(_)) {
            schema.notes.add(&part.notes);
        }
    }
    let reference = parts.iter().find_map(|part| match &part.shape {
        Shape::Reference(name) => Some(name.clone()),
        _ => None,
    });
    let has_reference = reference.is_some();
    let members: Vec<String> = parts
        .iter()
        .filter_map(|part| match &part.shape {
            Shape::Object(object) if adds_nothing(object) => Some(object.required.clone()),
            _ => None,
        })
        .flatten()
        .collect();
    if has_reference && schema.notes.constant.is_none() {
        schema.notes.constant = parts.iter().find_map(|part| part.shape.constant()).cloned();
    }
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
        if let Some(schema) = reference.filter(|_| !members.is_empty()) {
            required.push(Requirement { schema, members });
        }
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
        seven: {allOf: [{$ref: '#/components/schemas/K'}, {enum: [P]}]}
    B: {type: object}
    K: {type: string, enum: [P, Q]}
",
        );
        unwrap(&mut registry, &mut operations);
        assert_eq!(
            testing::shape(&registry, "A"),
            "{one: B [read-only], two: B, three: B & {x: String}, four: (P|Q), five: {x: String}, six: B, seven: K}"
        );
        let Shape::Object(found) = &registry.find("A").unwrap().shape else {
            panic!()
        };
        assert_eq!(found.members["seven"].notes.constant.as_deref(), Some("P"));
    }

    // B12: what only the request requires was lost together with the request's own schema.
    #[test]
    fn b12_what_a_wrapper_requires_is_required_of_the_schema_itself() {
        let (mut registry, mut operations) = testing::parse(
            "
paths:
  /a:
    post:
      operationId: postA
      tags: [A]
      requestBody: {content: {application/json: {schema: {allOf: [{$ref: '#/components/schemas/Alias'}, {required: [c]}]}}}}
      responses: {}
components:
  schemas:
    ARequest: {allOf: [{$ref: '#/components/schemas/A'}, {type: object, required: [a, b]}]}
    A: {type: object, required: [b], properties: {a: {type: string}, b: {type: string}, c: {type: string}}}
    Alias: {$ref: '#/components/schemas/A'}
    BRequest: {allOf: [{$ref: '#/components/schemas/B'}], required: [y]}
    B: {allOf: [{$ref: '#/components/schemas/A'}, {properties: {y: {type: string}}}]}
",
        );
        unwrap(&mut registry, &mut operations);
        assert_eq!(testing::shape(&registry, "ARequest"), "A");
        assert_eq!(testing::shape(&registry, "A"), "{a!: String, b!: String, c!: String}");
        assert_eq!(testing::shape(&registry, "BRequest"), "B");
        super::super::flatten::flatten(&mut registry).unwrap();
        assert_eq!(
            testing::shape(&registry, "B"),
            "{a!: String, b!: String, c!: String, y!: String}"
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
