//! `allOf` becomes one object: the members of all parts in order, the later part refining the earlier one.

use std::collections::BTreeMap;

use crate::{
    error::{Error, Result},
    schema::{Object, Others, Registry, Schema, Shape},
};

/// Replaces every named `allOf` by the object it amounts to.
pub(crate) fn flatten(registry: &mut Registry) -> Result<()> {
    let mut flatten = Flatten {
        registry,
        done: BTreeMap::new(),
        errors: Vec::new(),
    };
    let mut results = Vec::new();
    for (name, entry) in &flatten.registry.entries {
        if let Shape::AllOf(parts) = &entry.schema.shape {
            results.push((name.clone(), parts.clone()));
        }
    }
    for (name, parts) in &results {
        flatten.parts(name, parts, &mut vec![name.clone()]);
    }
    let Flatten { done, errors, .. } = flatten;
    for (name, _) in results {
        if let (Some(entry), Some(object)) = (registry.entries.get_mut(&name), done.get(&name)) {
            entry.schema.shape = Shape::Object(object.clone());
        }
    }
    Error::all(errors)
}

struct Flatten<'a> {
    registry: &'a Registry,
    done: BTreeMap<String, Object>,
    errors: Vec<Error>,
}

impl Flatten<'_> {
    /// The object that the parts of the schema `name` amount to.
    fn parts(&mut self, name: &str, parts: &[Schema], path: &mut Vec<String>) -> Object {
        if let Some(object) = self.done.get(name) {
            return object.clone();
        }
        let mut whole = Object::default();
        for part in parts {
            if let Some(part) = self.part(name, part, path) {
                self.add(&mut whole, part);
            }
        }
        self.done.insert(name.to_owned(), whole.clone());
        whole
    }

    fn part(&mut self, name: &str, part: &Schema, path: &mut Vec<String>) -> Option<Object> {
        match &part.shape {
            Shape::Object(object) => Some(object.clone()),
            // Prose only.
            Shape::Anything => None,
            Shape::Reference(target) => {
                if path.contains(target) {
                    return self.fail(name, format!("`allOf` refers to itself by way of `{target}`"));
                }
                let found = match self.registry.get(target, name) {
                    Ok(found) => found,
                    Err(error) => {
                        self.errors.push(error);
                        return None;
                    }
                };
                path.push(target.clone());
                let object = match &found.shape {
                    Shape::AllOf(parts) => Some(self.parts(target, parts, path)),
                    _ => self.part(target, found, path),
                };
                path.pop();
                // A subtype has the members of the base but is not a base itself.
                object.map(|object| Object {
                    discriminator: None,
                    ..object
                })
            }
            _ => self.fail(name, "a part of `allOf` is not an object".to_owned()),
        }
    }

    fn fail<T>(&mut self, name: &str, problem: String) -> Option<T> {
        self.errors.push(Error::document(name, problem));
        None
    }

    fn add(&self, whole: &mut Object, part: Object) {
        for (name, member) in part.members {
            match whole.members.get_mut(&name) {
                Some(known) => self.refine(known, member),
                None => {
                    whole.members.insert(name, member);
                }
            }
        }
        for name in part.required {
            if !whole.required.contains(&name) {
                whole.required.push(name);
            }
        }
        if part.others != Others::Unsaid {
            whole.others = part.others;
        }
        if part.discriminator.is_some() {
            whole.discriminator = part.discriminator;
        }
    }

    /// A member that is said again: notes add up, and what only narrows the type down does not replace it.
    fn refine(&self, known: &mut Schema, again: Schema) {
        let narrows = match &again.shape {
            Shape::Anything => true,
            _ => self.is_text(known) && self.is_text(&again),
        };
        known.notes.add(&again.notes);
        if !narrows {
            known.shape = again.shape;
        } else if known.notes.constant.is_none() {
            known.notes.constant = again.shape.constant().cloned();
        }
    }

    fn is_text(&self, schema: &Schema) -> bool {
        use crate::schema::Scalar;
        let found = self.registry.resolve(schema);
        found.is_some_and(|found| matches!(found.shape, Shape::Enumeration(_) | Shape::Scalar(Scalar::String)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing;

    fn flattened(schemas: &str) -> (Registry, Result<()>) {
        let (mut registry, _) = testing::parse(&format!("components:\n  schemas:\n{schemas}"));
        let result = flatten(&mut registry);
        (registry, result)
    }

    #[test]
    fn parts_add_up_in_order() {
        let (registry, result) = flattened(
            "
    C: {allOf: [{$ref: '#/components/schemas/B'}, {required: [a], properties: {c: {type: string}}}]}
    B: {allOf: [{$ref: '#/components/schemas/A'}, {required: [b], properties: {b: {type: string}}}]}
    A: {type: object, properties: {a: {type: string}}, additionalProperties: true, discriminator: {propertyName: a, mapping: {}}}
",
        );
        result.unwrap();
        assert_eq!(
            testing::shape(&registry, "C"),
            "{a!: String, b!: String, c: String, ..}"
        );
        assert_eq!(testing::shape(&registry, "A"), "{a: String, .., by a}");
    }

    #[test]
    fn what_narrows_a_member_down_keeps_its_type() {
        let (registry, result) = flattened(
            "
    A:
      type: object
      properties: {kind: {$ref: '#/components/schemas/Kind'}, other: {type: integer}, profile: {type: object}}
    B:
      allOf:
        - $ref: '#/components/schemas/A'
        - {properties: {kind: {enum: [P]}, other: {readOnly: true}, profile: {$ref: '#/components/schemas/A'}}}
    Kind: {type: string, enum: [P, Q]}
",
        );
        result.unwrap();
        assert_eq!(
            testing::shape(&registry, "B"),
            "{kind: Kind, other: Integer [read-only], profile: A}"
        );
    }

    #[test]
    fn circles_and_loose_ends_are_errors() {
        let (_, result) =
            flattened("    A: {allOf: [{$ref: '#/components/schemas/A'}, {properties: {x: {type: string}}}]}\n");
        assert_eq!(
            result.unwrap_err().to_string(),
            "A: `allOf` refers to itself by way of `A`"
        );
        let (_, result) =
            flattened("    A: {allOf: [{$ref: '#/components/schemas/B'}, {properties: {x: {type: string}}}]}\n");
        assert_eq!(
            result.unwrap_err().to_string(),
            "A: refers to the schema `B`, which does not exist"
        );
    }
}
