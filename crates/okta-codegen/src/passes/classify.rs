//! What each named schema becomes: a struct, an enum, a union, or no type because it is an alias.

use indexmap::IndexMap;

use crate::{
    error::{Error, Result},
    ir::{Definition, Field, Type, TypeRef, Union, Variant, VariantOf},
    schema::{Discriminator, Entry, Notes, Object, Others, Registry, Scalar, Schema, Shape},
};

/// The suffix of the base of a union, in the names of schemas.
pub(crate) const BASE: &str = "#base";

/// All types that the named schemas make.
pub(crate) fn classify(registry: &Registry) -> Result<IndexMap<String, Type>> {
    let classifier = Classifier { registry };
    let mut types = IndexMap::new();
    let mut errors = Vec::new();
    for (name, entry) in &registry.entries {
        match classifier.definitions(name, &entry.schema) {
            Ok(definitions) => {
                for (name, definition) in definitions {
                    types.insert(name.clone(), new_type(name, entry, definition));
                }
            }
            Err(error) => errors.push(error),
        }
    }
    Error::all(errors)?;
    share(&mut types);
    Ok(types)
}

fn new_type(name: String, entry: &Entry, definition: Definition) -> Type {
    Type {
        name,
        rust: String::new(),
        origin: entry.origin.clone(),
        lifecycle: entry.schema.notes.lifecycle.clone(),
        definition,
        area: String::new(),
        is_shared: false,
        is_sent: false,
        is_written: false,
        answer_of: std::collections::BTreeSet::new(),
        body_of: std::collections::BTreeSet::new(),
    }
}

/// Reads types off schemas.
pub(crate) struct Classifier<'a> {
    pub(crate) registry: &'a Registry,
}

impl Classifier<'_> {
    fn definitions(&self, name: &str, schema: &Schema) -> Result<Vec<(String, Definition)>> {
        let one = |definition| Ok(vec![(name.to_owned(), definition)]);
        match &schema.shape {
            Shape::Enumeration(values) if values.len() > 1 => one(Definition::Enum(
                values
                    .iter()
                    .map(|value| Variant {
                        wire: value.clone(),
                        rust: String::new(),
                        text: None,
                    })
                    .collect(),
            )),
            Shape::Object(object) => match &object.discriminator {
                Some(discriminator) => self.union(name, discriminator, &object.members, &object.required),
                None if object.is_struct() => one(Definition::Struct(self.fields(name, object)?)),
                None => Ok(Vec::new()),
            },
            Shape::OneOf(alternatives) => match &alternatives.discriminator {
                Some(discriminator) => self.union(name, discriminator, &IndexMap::new(), &[]),
                None => Err(Error::document(name, "a union without discriminator is left over")),
            },
            Shape::AllOf(_) => Err(Error::document(name, "an `allOf` is left over")),
            _ => Ok(Vec::new()),
        }
    }

    fn union(
        &self,
        name: &str,
        discriminator: &Discriminator,
        members: &IndexMap<String, Schema>,
        required: &[String],
    ) -> Result<Vec<(String, Definition)>> {
        let mut variants: Vec<VariantOf> = Vec::new();
        for (value, target) in &discriminator.mapping {
            self.registry.get(target, name)?;
            match variants.iter_mut().find(|variant| variant.ty == *target) {
                Some(variant) => variant.values.push(value.clone()),
                None => variants.push(VariantOf {
                    rust: String::new(),
                    values: vec![value.clone()],
                    ty: target.clone(),
                }),
            }
        }
        let mut base = Object {
            members: members.clone(),
            required: required.to_vec(),
            ..Object::default()
        };
        if !base.members.contains_key(&discriminator.member) {
            base.members
                .insert(discriminator.member.clone(), Schema::of(Shape::Scalar(Scalar::String)));
        }
        let base_name = format!("{name}{BASE}");
        let union = Union {
            tag: discriminator.member.clone(),
            variants,
            base: base_name.clone(),
            shared: Vec::new(),
        };
        let fields = self.fields(name, &base)?;
        Ok(vec![
            (name.to_owned(), Definition::Union(union)),
            (base_name, Definition::Struct(fields)),
        ])
    }

    fn fields(&self, name: &str, object: &Object) -> Result<Vec<Field>> {
        object
            .members
            .iter()
            .map(|(wire, schema)| {
                let notes = self.notes(schema);
                Ok(Field {
                    wire: wire.clone(),
                    rust: String::new(),
                    ty: self.type_of(schema, &format!("{name}.{wire}"))?,
                    required: object.required.contains(wire),
                    read_only: notes.read_only,
                    write_only: notes.write_only,
                    secret: false,
                    deprecated: notes.deprecated,
                    format: notes.format,
                    default: notes.default,
                    constant: self.constant(schema).or(notes.constant),
                    lifecycle: notes.lifecycle,
                    limits: notes.limits,
                    free_form: self.free_form(schema),
                    text: None,
                })
            })
            .collect()
    }

    /// The notes at the schema and at what it refers to.
    pub(crate) fn notes(&self, schema: &Schema) -> Notes {
        let mut notes = schema.notes.clone();
        let mut next = schema;
        for _ in 0..self.registry.entries.len() {
            let Shape::Reference(name) = &next.shape else { break };
            let Some(found) = self.registry.find(name) else { break };
            notes.add(&found.notes);
            next = found;
        }
        notes
    }

    /// Why the type of the schema holds any JSON, if it does.
    pub(crate) fn free_form(&self, schema: &Schema) -> Option<String> {
        let found = self.registry.resolve(schema)?;
        let of_the_document = match &found.shape {
            Shape::Anything => "not documented",
            Shape::List(None) => "a list whose items are not documented",
            Shape::List(Some(item)) | Shape::OneOrMany(item) => return self.free_form(item),
            Shape::Object(object) if object.is_struct() => return None,
            Shape::Object(object) => match &object.others {
                Others::Unsaid | Others::Forbidden => "an object whose members are not documented",
                Others::Free => "an object with members of any kind",
                Others::Of(value) => return self.free_form(value),
            },
            _ => return None,
        };
        let reason = self.notes(schema).free_form;
        Some(reason.unwrap_or_else(|| of_the_document.to_owned()))
    }

    /// The only value that the schema allows.
    pub(crate) fn constant(&self, schema: &Schema) -> Option<String> {
        self.registry.resolve(schema)?.shape.constant().cloned()
    }

    /// The type of the schema at `place`.
    pub(crate) fn type_of(&self, schema: &Schema, place: &str) -> Result<TypeRef> {
        Ok(match &schema.shape {
            Shape::Anything => TypeRef::Any,
            Shape::Links => TypeRef::Links,
            Shape::Scalar(Scalar::Boolean) => TypeRef::Bool,
            Shape::Scalar(Scalar::Integer) => TypeRef::Integer,
            Shape::Scalar(Scalar::Number) => TypeRef::Number,
            Shape::Scalar(Scalar::String) => match schema.notes.format.as_deref() {
                Some("date-time") => TypeRef::Timestamp,
                Some("binary") => TypeRef::Bytes,
                _ => TypeRef::String,
            },
            Shape::Enumeration(_) => TypeRef::String,
            Shape::List(None) => TypeRef::List(Box::new(TypeRef::Any)),
            Shape::List(Some(item)) => TypeRef::List(Box::new(self.type_of(item, place)?)),
            Shape::OneOrMany(item) => TypeRef::OneOrMany(Box::new(self.type_of(item, place)?)),
            Shape::Object(object) => self.map(object, schema.notes.null_values, place)?,
            Shape::Reference(name) => self.named(name, place)?,
            Shape::AllOf(_) | Shape::OneOf(_) => return Err(Error::document(place, "an inline schema is left over")),
        })
    }

    fn map(&self, object: &Object, null_values: bool, place: &str) -> Result<TypeRef> {
        Ok(match &object.others {
            Others::Unsaid | Others::Forbidden => TypeRef::Any,
            Others::Free => TypeRef::Map(Box::new(TypeRef::Any), false),
            Others::Of(value) => {
                let null_values = null_values || self.notes(value).null_values;
                TypeRef::Map(Box::new(self.type_of(value, place)?), null_values)
            }
        })
    }

    fn named(&self, name: &str, place: &str) -> Result<TypeRef> {
        let found = self.registry.get(name, place)?;
        let is_type = match &found.shape {
            Shape::Object(object) => object.is_struct(),
            Shape::Enumeration(values) => values.len() > 1,
            Shape::OneOf(_) | Shape::AllOf(_) => true,
            _ => false,
        };
        if is_type {
            return Ok(TypeRef::Named(name.to_owned()));
        }
        // The document's aliases are at most three deep; a longer chain is a circle.
        if place.matches(" > ").count() > 16 {
            return Err(Error::document(name, "the schema refers to itself"));
        }
        self.type_of(found, &format!("{place} > {name}"))
    }
}

/// Notes in each union which members the base shares with all variants, and gives a union that declares none the members
/// that all its variants have.
fn share(types: &mut IndexMap<String, Type>) {
    let unions: Vec<(String, Union)> = types
        .iter()
        .filter_map(|(name, found)| match &found.definition {
            Definition::Union(union) => Some((name.clone(), union.clone())),
            _ => None,
        })
        .collect();
    for (name, union) in unions {
        let fields = |types: &IndexMap<String, Type>, name: &str| match types.get(name).map(|found| &found.definition) {
            Some(Definition::Struct(fields)) => fields.clone(),
            _ => Vec::new(),
        };
        let variants: Vec<Vec<Field>> = union
            .variants
            .iter()
            .map(|variant| fields(types, &variant.ty))
            .collect();
        let in_all = |field: &Field| {
            let is = |other: &Field| other.wire == field.wire && other.ty == field.ty;
            variants.iter().all(|variant| variant.iter().any(is))
        };
        let mut base = fields(types, &union.base);
        if base.len() == 1 {
            let first = variants.first().cloned().unwrap_or_default();
            let more = first
                .into_iter()
                .filter(|field| field.wire != union.tag && in_all(field));
            base.extend(more);
        }
        let shared = base
            .iter()
            .filter(|field| in_all(field))
            .map(|field| field.wire.clone())
            .collect();
        if let Some(Definition::Struct(fields)) = types.get_mut(&union.base).map(|found| &mut found.definition) {
            *fields = base;
        }
        if let Some(Definition::Union(union)) = types.get_mut(&name).map(|found| &mut found.definition) {
            union.shared = shared;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing;

    fn classified(schemas: &str) -> IndexMap<String, Type> {
        let (registry, _) = testing::parse(&format!("components:\n  schemas:\n{schemas}"));
        classify(&registry).unwrap()
    }

    fn fields(types: &IndexMap<String, Type>, name: &str) -> Vec<String> {
        match &types[name].definition {
            Definition::Struct(fields) => fields
                .iter()
                .map(|field| format!("{}: {}", field.wire, field.ty))
                .collect(),
            other => panic!("{name} is {other:?}"),
        }
    }

    #[test]
    fn aliases_disappear_and_their_notes_stay() {
        let types = classified(
            "
    A:
      type: object
      required: [created]
      properties:
        created: {$ref: '#/components/schemas/Created'}
        list: {$ref: '#/components/schemas/List'}
        map: {$ref: '#/components/schemas/Map'}
        any: {type: object}
        open: {type: object, additionalProperties: true}
        embedded: {type: object, additionalProperties: {type: object, properties: {}}}
        constant: {type: string, enum: [ONE]}
        kind: {$ref: '#/components/schemas/Kind'}
        integer: {type: integer}
        number: {type: number}
        uuid: {type: string, format: uuid}
    Created: {type: string, format: date-time, readOnly: true}
    List: {type: array, items: {$ref: '#/components/schemas/A'}}
    Map: {type: object, additionalProperties: {$ref: '#/components/schemas/Kind'}, x-okta-allow-null-property-value-for-updates: true}
    Kind: {type: string, enum: [P, Q]}
",
        );
        assert_eq!(
            fields(&types, "A"),
            [
                "created: Timestamp",
                "list: Vec<A>",
                "map: Map<Option<Kind>>",
                "any: Any",
                "open: Map<Any>",
                "embedded: Map<Any>",
                "constant: String",
                "kind: Kind",
                "integer: i64",
                "number: f64",
                "uuid: String",
            ]
        );
        let Definition::Struct(found) = &types["A"].definition else {
            panic!()
        };
        assert!(found[0].read_only && found[0].required);
        assert_eq!(found[6].constant.as_deref(), Some("ONE"));
        assert_eq!(types.keys().collect::<Vec<_>>(), ["A", "Kind"]);
    }

    #[test]
    fn a_union_has_a_base_and_groups_the_values_of_a_variant() {
        let types = classified(
            "
    U:
      type: object
      properties: {id: {type: string}, kind: {type: string}, extra: {type: string}}
      discriminator:
        propertyName: kind
        mapping: {a: '#/components/schemas/A', b: '#/components/schemas/B', c: '#/components/schemas/A'}
    A: {type: object, properties: {id: {type: string}, kind: {type: string}, extra: {type: integer}}}
    B: {type: object, properties: {id: {type: string}, kind: {type: string}, extra: {type: string}}}
",
        );
        let Definition::Union(union) = &types["U"].definition else {
            panic!()
        };
        assert_eq!(union.variants.len(), 2);
        assert_eq!(union.variants[0].values, ["a", "c"]);
        assert_eq!(union.shared, ["id", "kind"]);
        assert_eq!(
            fields(&types, "U#base"),
            ["id: String", "kind: String", "extra: String"]
        );
    }

    #[test]
    fn a_union_that_declares_nothing_gets_what_its_variants_share() {
        let types = classified(
            "
    U:
      oneOf: [{$ref: '#/components/schemas/A'}, {$ref: '#/components/schemas/B'}]
      discriminator: {propertyName: kind, mapping: {a: '#/components/schemas/A', b: '#/components/schemas/B'}}
    A: {type: object, properties: {id: {type: string}, kind: {type: string}, a: {type: string}}}
    B: {type: object, properties: {id: {type: string}, kind: {type: string}}}
",
        );
        assert_eq!(fields(&types, "U#base"), ["kind: String", "id: String"]);
    }

    #[test]
    fn the_unions_are_those_of_the_analysis() {
        let (Some(shared), Some(ir)) = (testing::shared(), testing::real_ir()) else {
            return;
        };
        let text = std::fs::read_to_string(shared.join("field-notes/data/unions.json")).unwrap();
        let unions = crate::tables::Tables::load().unwrap().unions;
        let mut compared = 0;
        for expected in testing::node(&text).as_list().unwrap() {
            let name = expected.get("name").unwrap().as_str().unwrap();
            if expected.get("reachable").unwrap().as_bool() != Some(true) || unions.strategy(name).is_some() {
                continue;
            }
            // A union that is only a member of a merged one is merged with it.
            let Some(found) = ir.types.get(name) else { continue };
            let Definition::Union(union) = &found.definition else {
                panic!("{name} is not a union")
            };
            assert_eq!(
                Some(union.tag.as_str()),
                expected.get("property").unwrap().as_str(),
                "{name}"
            );
            let mapping = expected.get("mapping").unwrap().as_map().unwrap();
            let target = |value: &str| {
                union
                    .variants
                    .iter()
                    .find(|variant| variant.values.iter().any(|one| one == value))
            };
            for (value, ty) in mapping {
                assert_eq!(
                    target(value).map(|variant| variant.ty.as_str()),
                    ty.as_str(),
                    "{name}: {value}"
                );
            }
            compared += 1;
        }
        assert!(compared > 15, "{compared} unions");
    }
}
