//! Unions whose variants cannot be distinguished: their members become one object if they are objects, and any JSON otherwise.

use indexmap::IndexMap;

use super::hoist::Used;
use crate::{
    error::{Error, Result},
    schema::{Alternatives, Entry, Limits, Object, Origin, Others, Registry, Scalar, Schema, Shape},
    tables::{Names, Strategy, Unions},
    words,
};

/// Merges every union without a discriminator, and those with one that the table names.
///
/// Where merged objects have different objects as the same member, those are merged as well, into a new schema; the
/// places of such members that the table names are the result.
pub(crate) fn merge(registry: &mut Registry, unions: &Unions, names: &Names) -> Result<Used> {
    let unknown = unions.schemas().filter(|name| !registry.entries.contains_key(*name));
    Error::all(
        unknown
            .map(|name| Error::table("unions.toml", format!("there is no schema `{name}`")))
            .collect(),
    )?;
    let mut used = Used::new();
    loop {
        let mut replaced = Vec::new();
        let mut parts = IndexMap::new();
        for (name, entry) in &registry.entries {
            let mut merge = Merge {
                registry,
                owner: name,
                names,
                parts: &mut parts,
                used: &mut used,
            };
            let is_named = unions.strategy(name) == Some(Strategy::Merge);
            if let Some(replacement) = merge.replacement(&entry.schema, is_named)? {
                replaced.push((name.clone(), replacement));
            }
        }
        for (name, replacement) in replaced {
            if let Some(entry) = registry.entries.get_mut(&name) {
                entry.schema.shape = replacement.shape;
                entry.schema.notes.add(&replacement.notes);
            }
        }
        if parts.is_empty() {
            return Ok(used);
        }
        registry.entries.extend(parts);
    }
}

struct Merge<'a> {
    registry: &'a Registry,
    /// The schema that is merged.
    owner: &'a str,
    names: &'a Names,
    /// The unions that are to be merged next, which stand as members of the owner.
    parts: &'a mut IndexMap<String, Entry>,
    used: &'a mut Used,
}

impl Merge<'_> {
    /// What the owner becomes, if it is to be merged.
    fn replacement(&mut self, schema: &Schema, is_named: bool) -> Result<Option<Schema>> {
        Ok(match &schema.shape {
            Shape::OneOf(alternatives) if is_named || alternatives.discriminator.is_none() => {
                Some(self.alternatives(alternatives))
            }
            Shape::Object(object) if is_named && object.discriminator.is_some() => {
                Some(Schema::of(Shape::Object(self.variants_of(object)?)))
            }
            _ => None,
        })
    }

    /// The base of a union with the members of all its variants.
    fn variants_of(&mut self, base: &Object) -> Result<Object> {
        let mut whole = Object {
            discriminator: None,
            ..base.clone()
        };
        let mapping = base
            .discriminator
            .iter()
            .flat_map(|discriminator| discriminator.mapping.values());
        let owner = self.owner;
        for variant in mapping.filter(|variant| *variant != owner) {
            let object = self.object(&Schema::reference(variant), 0);
            let object =
                object.ok_or_else(|| Error::document(owner, format!("its variant `{variant}` is not an object")))?;
            self.add(&mut whole, &object);
        }
        // What only one variant requires cannot be required of all.
        whole.required.clone_from(&base.required);
        Ok(whole)
    }

    fn alternatives(&mut self, alternatives: &Alternatives) -> Schema {
        if let [first, second] = alternatives.members.as_slice() {
            for (one, many) in [(first, second), (second, first)] {
                if matches!(&many.shape, Shape::List(Some(item)) if item.shape == one.shape) {
                    return Schema::of(Shape::OneOrMany(Box::new(one.clone())));
                }
            }
        }
        if alternatives.members.iter().all(|member| self.is_text(member)) {
            return Schema::of(Shape::Scalar(Scalar::String));
        }
        let objects: Option<Vec<Object>> = alternatives
            .members
            .iter()
            .map(|member| self.object(member, 0))
            .collect();
        match objects {
            Some(objects) => Schema::of(Shape::Object(self.union_of(objects))),
            None => anything(format!("one of {}", self.kinds(&alternatives.members))),
        }
    }

    fn union_of(&mut self, objects: Vec<Object>) -> Object {
        let mut objects = objects.into_iter();
        let mut whole = objects.next().unwrap_or_default();
        for object in objects {
            whole.required.retain(|name| object.required.contains(name));
            self.add(&mut whole, &object);
        }
        whole
    }

    /// The members that `schema` may have, if it is an object; of a union, those of all its variants.
    fn object(&mut self, schema: &Schema, depth: usize) -> Option<Object> {
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
            Shape::OneOf(alternatives) => {
                let members = alternatives.members.iter();
                let objects: Option<Vec<Object>> = members.map(|member| self.object(member, depth + 1)).collect();
                return objects.map(|objects| self.union_of(objects));
            }
            _ => return None,
        };
        for variant in variants {
            let variant = self.object(&variant, depth + 1)?;
            self.add(&mut whole, &variant);
        }
        Some(whole)
    }

    fn add(&mut self, whole: &mut Object, part: &Object) {
        for (name, member) in &part.members {
            match whole.members.get_mut(name) {
                Some(known) => {
                    let place = format!("{}.{name}", self.owner);
                    let type_name = format!("{}{}", self.owner, words::camel(name));
                    self.unify(known, member, place, type_name);
                }
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
    fn unify(&mut self, known: &mut Schema, other: &Schema, place: String, type_name: String) {
        if known.shape != other.shape {
            self.unify_shapes(known, other, place, type_name);
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
        if known.notes.limits != other.notes.limits {
            known.notes.limits = Limits::default();
        }
        if known.notes.constant != other.notes.constant {
            known.notes.constant = None;
        }
    }

    fn unify_shapes(&mut self, known: &mut Schema, other: &Schema, place: String, type_name: String) {
        if let (Shape::List(Some(item)), Shape::List(Some(other))) = (&mut known.shape, &other.shape) {
            self.unify(item, other, format!("{place}[]"), words::singular(&type_name));
        } else if self.is_text(known) && self.is_text(other) {
            known.shape = Shape::Scalar(Scalar::String);
        } else if self.says_less(known, other) {
            known.shape = other.shape.clone();
        } else if self.is_object(known) && self.is_object(other) {
            self.merge_later(known, other, place, type_name);
        } else if !self.says_less(other, known) && known.notes.free_form.is_none() {
            let kinds = self.kinds(&[known.clone(), other.clone()]);
            *known = anything(format!("its variants have {kinds}"));
        }
    }

    /// Makes a union of the two, to be merged when everything else is.
    fn merge_later(&mut self, known: &mut Schema, other: &Schema, place: String, type_name: String) {
        let given = self.names.types.get(&place);
        self.used.extend(given.map(|_| place.clone()));
        let type_name = given.cloned().unwrap_or(type_name);
        let known_shape = std::mem::replace(&mut known.shape, Shape::Reference(type_name.clone()));
        let entry = self.parts.entry(type_name).or_insert_with(|| Entry {
            schema: Schema::of(Shape::OneOf(Alternatives {
                members: vec![Schema::of(known_shape)],
                discriminator: None,
            })),
            origin: Origin::Inline(place),
        });
        if let Shape::OneOf(alternatives) = &mut entry.schema.shape
            && !alternatives.members.iter().any(|member| member.shape == other.shape)
        {
            alternatives.members.push(Schema::of(other.shape.clone()));
        }
    }

    /// Whether `schema` says nothing, and only the kind of JSON at most, of what `other` describes.
    fn says_less(&self, schema: &Schema, other: &Schema) -> bool {
        match self.registry.resolve(schema).map(|found| &found.shape) {
            // What was decided to be anything stays so.
            Some(Shape::Anything) => schema.notes.free_form.is_none(),
            Some(Shape::List(None)) => matches!(other.shape, Shape::List(_)),
            Some(Shape::Object(object)) => {
                !object.is_struct() && object.others == Others::Unsaid && self.is_object(other)
            }
            _ => false,
        }
    }

    fn is_object(&self, schema: &Schema) -> bool {
        match &schema.shape {
            Shape::Reference(name) if self.parts.contains_key(name) => true,
            _ => match self.registry.resolve(schema).map(|found| &found.shape) {
                Some(Shape::Object(object)) => object.is_struct(),
                Some(Shape::OneOf(_)) => true,
                _ => false,
            },
        }
    }

    /// What the schemas are, in words.
    fn kinds(&self, schemas: &[Schema]) -> String {
        let mut kinds: Vec<String> = Vec::new();
        for schema in schemas {
            let kind = match &schema.shape {
                Shape::Reference(name) => format!("`{name}`"),
                Shape::Scalar(Scalar::String) | Shape::Enumeration(_) => "text".to_owned(),
                Shape::Scalar(Scalar::Boolean) => "a boolean".to_owned(),
                Shape::Scalar(Scalar::Integer | Scalar::Number) => "a number".to_owned(),
                Shape::List(Some(item)) => format!("a list of {}", self.kinds(std::slice::from_ref(item))),
                Shape::List(None) => "a list".to_owned(),
                Shape::Object(_) => "an object".to_owned(),
                _ => "any JSON".to_owned(),
            };
            if !kinds.contains(&kind) {
                kinds.push(kind);
            }
        }
        kinds.join(" or ")
    }

    fn is_text(&self, schema: &Schema) -> bool {
        let found = self.registry.resolve(schema);
        found.is_some_and(|found| matches!(found.shape, Shape::Enumeration(_) | Shape::Scalar(Scalar::String)))
    }
}

/// Any JSON, and why.
fn anything(reason: String) -> Schema {
    let mut schema = Schema::default();
    schema.notes.free_form = Some(reason);
    schema
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
    Mixed: {oneOf: [{type: string}, {type: integer}]}
    Tagged:
      type: object
      required: [k]
      properties: {k: {type: string}}
      discriminator: {propertyName: k, mapping: {A: '#/components/schemas/A', B: '#/components/schemas/B'}}
";

    #[test]
    fn objects_become_one_and_scalars_anything() {
        let (mut registry, _) = testing::parse(SCHEMAS);
        merge(&mut registry, &Unions::default(), &Names::default()).unwrap();
        assert_eq!(
            testing::shape(&registry, "Profile"),
            "{n!: String, a: String, k: String, c: Anything}"
        );
        let Shape::Object(profile) = &registry.find("Profile").unwrap().shape else {
            panic!()
        };
        assert_eq!(
            profile.members["c"].notes.free_form.as_deref(),
            Some("its variants have text or a number")
        );
        assert_eq!(testing::shape(&registry, "Aud"), "OneOrMany<String>");
        assert_eq!(testing::shape(&registry, "Text"), "String");
        assert_eq!(testing::shape(&registry, "Mixed"), "Anything");
        assert_eq!(testing::shape(&registry, "Tagged"), "{k!: String, by k}");
    }

    #[test]
    fn objects_as_members_are_merged_as_well() {
        let (mut registry, _) = testing::parse(
            "components:
  schemas:
    Both: {oneOf: [{$ref: '#/components/schemas/A'}, {$ref: '#/components/schemas/B'}, {$ref: '#/components/schemas/C'}]}
    A: {type: object, properties: {data: {$ref: '#/components/schemas/X'}, list: {type: array, items: {$ref: '#/components/schemas/X'}}}}
    B: {type: object, properties: {data: {$ref: '#/components/schemas/Y'}, list: {type: array, items: {$ref: '#/components/schemas/Y'}}}}
    C: {type: object, properties: {data: {type: object}, list: {type: array}}}
    X: {type: object, properties: {x: {type: string}}}
    Y: {type: object, properties: {y: {type: string}}}
",
        );
        let mut names = Names::default();
        names.types.insert("Both.list[]".into(), "Item".into());
        let used = merge(&mut registry, &Unions::default(), &names).unwrap();
        assert_eq!(used.into_iter().collect::<Vec<_>>(), ["Both.list[]"]);
        assert_eq!(testing::shape(&registry, "Both"), "{data: BothData, list: [Item]}");
        assert_eq!(testing::shape(&registry, "BothData"), "{x: String, y: String}");
        assert_eq!(testing::shape(&registry, "Item"), "{x: String, y: String}");
    }

    #[test]
    fn the_table_merges_a_union_with_a_discriminator() {
        let (mut registry, _) = testing::parse(SCHEMAS);
        merge(
            &mut registry,
            &toml::from_str("Tagged = 'merge'").unwrap(),
            &Names::default(),
        )
        .unwrap();
        assert_eq!(
            testing::shape(&registry, "Tagged"),
            "{k!: String, n: String, a: String, c: Anything}"
        );
    }

    #[test]
    fn an_entry_of_the_table_for_no_schema_is_an_error() {
        let (mut registry, _) = testing::parse(SCHEMAS);
        let error = merge(
            &mut registry,
            &toml::from_str("Gone = 'merge'").unwrap(),
            &Names::default(),
        )
        .unwrap_err();
        assert_eq!(error.to_string(), "unions.toml: there is no schema `Gone`");
    }
}
