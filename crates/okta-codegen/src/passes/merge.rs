//! Unions that nothing tells apart: their members become one object if they are objects, and any JSON otherwise.

use std::collections::BTreeMap;

use crate::{
    error::{Error, Result},
    schema::{Alternatives, Object, Others, Registry, Scalar, Schema, Shape},
    tables::{Strategy, Unions},
};

/// Merges every union without a discriminator, and those with one that the table names.
pub(crate) fn merge(registry: &mut Registry, unions: &Unions) -> Result<()> {
    let unknown = unions.schemas().filter(|name| !registry.entries.contains_key(*name));
    Error::all(
        unknown
            .map(|name| Error::table("unions.toml", format!("there is no schema `{name}`")))
            .collect(),
    )?;
    let mut merged = BTreeMap::new();
    let reader = Merge { registry, unions };
    for (name, entry) in &registry.entries {
        if let Some(shape) = reader.replacement(name, &entry.schema)? {
            merged.insert(name.clone(), shape);
        }
    }
    for (name, shape) in merged {
        if let Some(entry) = registry.entries.get_mut(&name) {
            entry.schema.shape = shape;
        }
    }
    Ok(())
}

struct Merge<'a> {
    registry: &'a Registry,
    unions: &'a Unions,
}

impl Merge<'_> {
    /// What the named schema becomes, if it is to be merged.
    fn replacement(&self, name: &str, schema: &Schema) -> Result<Option<Shape>> {
        let strategy = self.unions.strategy(name);
        Ok(match &schema.shape {
            Shape::OneOf(_) | Shape::Object(_) if strategy == Some(Strategy::Any) => Some(Shape::Anything),
            Shape::OneOf(alternatives) if strategy.is_none() && alternatives.discriminator.is_some() => None,
            Shape::OneOf(alternatives) => Some(self.alternatives(alternatives)),
            Shape::Object(object) if strategy == Some(Strategy::Merge) => {
                Some(Shape::Object(self.variants_of(name, object)?))
            }
            _ => None,
        })
    }

    /// The base of a union with the members of all its variants.
    fn variants_of(&self, name: &str, base: &Object) -> Result<Object> {
        let mut whole = Object {
            discriminator: None,
            ..base.clone()
        };
        let mapping = base
            .discriminator
            .iter()
            .flat_map(|discriminator| discriminator.mapping.values());
        for variant in mapping.filter(|variant| *variant != name) {
            let object = self.object(&Schema::reference(variant), 0);
            let object =
                object.ok_or_else(|| Error::document(name, format!("its variant `{variant}` is no object")))?;
            self.add(&mut whole, &object);
        }
        // What only one variant requires cannot be required of all.
        whole.required.clone_from(&base.required);
        Ok(whole)
    }

    fn alternatives(&self, alternatives: &Alternatives) -> Shape {
        if let [first, second] = alternatives.members.as_slice() {
            for (one, many) in [(first, second), (second, first)] {
                if matches!(&many.shape, Shape::List(Some(item)) if item.shape == one.shape) {
                    return Shape::OneOrMany(Box::new(one.clone()));
                }
            }
        }
        if alternatives.members.iter().all(|member| self.is_text(member)) {
            return Shape::Scalar(Scalar::String);
        }
        let objects: Option<Vec<Object>> = alternatives
            .members
            .iter()
            .map(|member| self.object(member, 0))
            .collect();
        match objects {
            Some(objects) => Shape::Object(self.union_of(objects)),
            None => Shape::Anything,
        }
    }

    fn union_of(&self, objects: Vec<Object>) -> Object {
        let mut objects = objects.into_iter();
        let mut whole = objects.next().unwrap_or_default();
        for object in objects {
            whole.required.retain(|name| object.required.contains(name));
            self.add(&mut whole, &object);
        }
        whole
    }

    /// The members that `schema` may have, if it is an object; of a union, those of all its variants.
    fn object(&self, schema: &Schema, depth: usize) -> Option<Object> {
        const DEEPEST: usize = 8;
        let found = self.registry.resolve(schema).filter(|_| depth < DEEPEST)?;
        let (mut whole, variants): (Object, Vec<Schema>) = match &found.shape {
            Shape::Object(object) => {
                let mapping = object
                    .discriminator
                    .iter()
                    .flat_map(|discriminator| discriminator.mapping.values());
                (
                    Object {
                        discriminator: None,
                        ..object.clone()
                    },
                    mapping.map(Schema::reference).collect(),
                )
            }
            Shape::OneOf(alternatives) => (Object::default(), alternatives.members.clone()),
            _ => return None,
        };
        for variant in variants {
            let variant = self.object(&variant, depth + 1)?;
            self.add(&mut whole, &variant);
        }
        Some(whole)
    }

    fn add(&self, whole: &mut Object, part: &Object) {
        for (name, member) in &part.members {
            match whole.members.get_mut(name) {
                Some(known) => self.unify(known, member),
                None => {
                    whole.members.insert(name.clone(), member.clone());
                }
            }
        }
        if part.others != Others::Unsaid && whole.others == Others::Unsaid {
            whole.others = part.others.clone();
        }
    }

    /// The type of a member that two variants have.
    fn unify(&self, known: &mut Schema, other: &Schema) {
        if known.shape != other.shape {
            known.shape = if self.is_text(known) && self.is_text(other) {
                Shape::Scalar(Scalar::String)
            } else {
                Shape::Anything
            };
        }
        // Read-only in one variant is writable in another.
        known.notes.read_only &= other.notes.read_only;
        known.notes.write_only |= other.notes.write_only;
        if known.notes.format != other.notes.format {
            known.notes.format = None;
        }
        if known.notes.default != other.notes.default {
            known.notes.default = None;
        }
    }

    fn is_text(&self, schema: &Schema) -> bool {
        let found = self.registry.resolve(schema);
        found.is_some_and(|found| matches!(found.shape, Shape::Enumeration(_) | Shape::Scalar(Scalar::String)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing;

    const SCHEMAS: &str = "components:
  schemas:
    Profile: {anyOf: [{$ref: '#/components/schemas/A'}, {$ref: '#/components/schemas/B'}]}
    A: {type: object, required: [n, a], properties: {n: {type: string}, a: {type: string}, k: {type: string, enum: [A]}, c: {type: string}}}
    B: {type: object, required: [n], properties: {n: {type: string}, k: {type: string, enum: [B]}, c: {type: integer}}}
    Aud: {oneOf: [{type: string}, {type: array, items: {type: string}}]}
    Text: {oneOf: [{type: string, format: date-time}, {type: string}]}
    Odd: {oneOf: [{type: string}, {type: integer}]}
    Tagged:
      type: object
      required: [k]
      properties: {k: {type: string}}
      discriminator: {propertyName: k, mapping: {A: '#/components/schemas/A', B: '#/components/schemas/B'}}
";

    #[test]
    fn objects_become_one_and_scalars_anything() {
        let (mut registry, _) = testing::parse(SCHEMAS);
        merge(&mut registry, &Unions::default()).unwrap();
        assert_eq!(
            testing::shape(&registry, "Profile"),
            "{n!: String, a: String, k: String, c: Anything}"
        );
        assert_eq!(testing::shape(&registry, "Aud"), "OneOrMany<String>");
        assert_eq!(testing::shape(&registry, "Text"), "String");
        assert_eq!(testing::shape(&registry, "Odd"), "Anything");
        assert_eq!(testing::shape(&registry, "Tagged"), "{k!: String, by k}");
    }

    #[test]
    fn the_table_merges_a_union_with_a_discriminator() {
        let (mut registry, _) = testing::parse(SCHEMAS);
        merge(&mut registry, &toml::from_str("Tagged = 'merge'\nA = 'any'").unwrap()).unwrap();
        assert_eq!(
            testing::shape(&registry, "Tagged"),
            "{k!: String, n: String, a: String, c: Anything}"
        );
        assert_eq!(testing::shape(&registry, "A"), "Anything");
    }

    #[test]
    fn an_entry_of_the_table_for_no_schema_is_an_error() {
        let (mut registry, _) = testing::parse(SCHEMAS);
        let error = merge(&mut registry, &toml::from_str("Gone = 'merge'").unwrap()).unwrap_err();
        assert_eq!(error.to_string(), "unions.toml: there is no schema `Gone`");
    }
}
