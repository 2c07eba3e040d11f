//! The texts of `tables/docs` get to what they are about. An entry that is about nothing is an error; what has no text is listed
//! in the snapshot.

use std::collections::{BTreeMap, BTreeSet};

use indexmap::IndexMap;

use crate::{
    error::{Error, Result},
    ir::{Definition, Ir, Operation, Type},
    passes::{classify::BASE, reach::COMMON},
    tables::{AreaDocs, places},
};

/// Gives operations, parameters, members and values their texts.
pub(crate) fn assign(ir: &mut Ir, docs: &[AreaDocs]) -> Result<()> {
    let mut errors: Vec<Error> = docs.iter().filter_map(|table| unknown_area(ir, table)).collect();
    for table in docs {
        errors.extend(operations(ir, table));
        errors.extend(parameters(ir, table));
    }
    let index = Index::of(ir);
    let members = docs.iter().map(|table| (table, &table.members));
    errors.extend(index.spread(ir, members, Kind::Member));
    let values = docs.iter().map(|table| (table, &table.values));
    errors.extend(index.spread(ir, values, Kind::Value));
    Error::all(errors)
}

fn unknown_area(ir: &Ir, table: &AreaDocs) -> Option<Error> {
    let is_known = table.area == COMMON || ir.groups.iter().any(|group| group.area == table.area);
    (!is_known).then(|| Error::table(table.table(), format!("no group is in the area `{}`", table.area)))
}

fn operations(ir: &mut Ir, table: &AreaDocs) -> Vec<Error> {
    let mut errors = Vec::new();
    for (id, text) in &table.operations {
        match own(ir, table).find(|operation| operation.id == *id) {
            Some(operation) => operation.text = Some(text.clone()),
            None => errors.push(stale(table, "operations", id, "the area has no such operation")),
        }
    }
    errors
}

/// The operations of the table's area.
fn own<'a>(ir: &'a mut Ir, table: &'a AreaDocs) -> impl Iterator<Item = &'a mut Operation> {
    ir.operations
        .iter_mut()
        .filter(move |operation| operation.area == table.area)
}

fn parameters(ir: &mut Ir, table: &AreaDocs) -> Vec<Error> {
    let mut errors = Vec::new();
    // What one operation says of a parameter comes before what the area says.
    let (of_one, of_all): (Vec<_>, Vec<_>) = table.parameters.iter().partition(|(key, _)| key.contains('.'));
    for (key, text) in of_one.into_iter().chain(of_all) {
        let (id, name) = key
            .split_once('.')
            .map_or((None, key.as_str()), |(id, name)| (Some(id), name));
        let mut is_used = false;
        for operation in own(ir, table).filter(|operation| id.is_none_or(|id| id == operation.id)) {
            for parameter in operation.parameters_mut().filter(|parameter| parameter.wire == name) {
                is_used |= parameter.text.is_none();
                parameter.text.get_or_insert_with(|| text.clone());
            }
        }
        if !is_used {
            let problem = "no operation of the area has such a parameter that still needs a text";
            errors.push(stale(table, "parameters", key, problem));
        }
    }
    errors
}

fn stale(table: &AreaDocs, section: &str, key: &str, problem: &str) -> Error {
    Error::table(table.table(), format!("[{section}] `{key}`: {problem}"))
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Member,
    Value,
}

impl Kind {
    fn section(self) -> &'static str {
        match self {
            Self::Member => "members",
            Self::Value => "values",
        }
    }
}

/// How far away from a type a text is written: at the type, at a union that it is a variant of, or anywhere.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Distance {
    Own,
    Union,
    Anywhere,
}

/// What the names in the tables stand for.
struct Index {
    /// Schema or Rust name → the types with the text's members, and how far away they are.
    types: BTreeMap<String, Vec<(String, Distance)>>,
    all: Vec<String>,
}

impl Index {
    fn of(ir: &Ir) -> Self {
        let mut types: BTreeMap<String, Vec<(String, Distance)>> = BTreeMap::new();
        for (name, found) in &ir.types {
            let mut targets = vec![(name.clone(), Distance::Own)];
            if let Definition::Union(union) = &found.definition {
                targets.push((union.base.clone(), Distance::Own));
                targets.extend(
                    union
                        .variants
                        .iter()
                        .map(|variant| (variant.ty.clone(), Distance::Union)),
                );
            }
            let schema = name.strip_suffix(BASE).unwrap_or(name);
            types
                .entry(schema.to_owned())
                .or_default()
                .extend(targets.iter().cloned());
            if found.rust != schema {
                types.entry(found.rust.clone()).or_default().extend(targets);
            }
        }
        Self {
            types,
            all: ir.types.keys().cloned().collect(),
        }
    }

    /// Writes the texts of one kind to the types, the nearest ones first.
    fn spread<'a>(
        &self,
        ir: &mut Ir,
        tables: impl Iterator<Item = (&'a AreaDocs, &'a IndexMap<String, String>)>,
        kind: Kind,
    ) -> Vec<Error> {
        let mut errors = Vec::new();
        let mut texts: Vec<(Distance, String, &str, &str, usize)> = Vec::new();
        let mut entries = Vec::new();
        for (table, section) in tables {
            for (key, text) in section {
                let Some((schemas, member)) = places(key) else {
                    errors.push(stale(table, kind.section(), key, "the key is not `Schema.name`"));
                    continue;
                };
                for schema in schemas {
                    let targets: Vec<(String, Distance)> = match schema {
                        "*" => self.all.iter().map(|name| (name.clone(), Distance::Anywhere)).collect(),
                        _ => self.types.get(schema).cloned().unwrap_or_default(),
                    };
                    texts.extend(
                        targets
                            .into_iter()
                            .map(|(name, distance)| (distance, name, member, text.as_str(), entries.len())),
                    );
                    entries.push((table, key, schema));
                }
            }
        }
        texts.sort_by_key(|(distance, ..)| *distance);
        let mut used: BTreeSet<usize> = BTreeSet::new();
        let mut given: BTreeMap<(String, &str), (Distance, usize)> = BTreeMap::new();
        for (distance, name, member, text, entry) in texts {
            let Some(slot) = ir.types.get_mut(&name).and_then(|found| slot(found, member, kind)) else {
                continue;
            };
            let earlier = *given.entry((name, member)).or_insert((distance, entry));
            if earlier.1 == entry {
                *slot = Some(text.to_owned());
                used.insert(entry);
            } else if earlier.0 == Distance::Own && distance == Distance::Own && used.insert(entry) {
                let (table, key, schema) = entries[entry];
                let other = &entries[earlier.1];
                let problem = format!(
                    "`{schema}` has this text already, from `{}` of {}",
                    other.1,
                    other.0.table()
                );
                errors.push(stale(table, kind.section(), key, &problem));
            }
        }
        for (index, (table, key, schema)) in entries.iter().enumerate() {
            if !used.contains(&index) {
                let problem = match schema {
                    &"*" => "no type has such a member that still needs a text".to_owned(),
                    _ => format!("`{schema}` has no such name, or does not need the text"),
                };
                errors.push(stale(table, kind.section(), key, &problem));
            }
        }
        errors
    }
}

/// Where the text of a member or of a value goes.
fn slot<'a>(found: &'a mut Type, name: &str, kind: Kind) -> Option<&'a mut Option<String>> {
    match (&mut found.definition, kind) {
        (Definition::Struct(fields), Kind::Member) => fields
            .iter_mut()
            .find(|field| field.wire == name)
            .map(|field| &mut field.text),
        (Definition::Enum(variants), Kind::Value) => variants
            .iter_mut()
            .find(|variant| variant.wire == name)
            .map(|variant| &mut variant.text),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        ir::Field,
        tables::{GroupName, Tables, parse_docs},
        testing,
    };

    const DOCUMENT: &str = "
paths:
  /pets/{petId}:
    parameters: [{name: petId, in: path, schema: {type: string}}]
    get:
      operationId: getPet
      tags: [Pet]
      parameters: [{name: expand, in: query, schema: {type: string}}]
      responses: {'200': {content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}}
    delete: {operationId: deletePet, tags: [Pet], responses: {}}
components:
  schemas:
    Pet:
      type: object
      properties: {kind: {type: string}, name: {type: string}, mood: {$ref: '#/components/schemas/Mood'}}
      discriminator: {propertyName: kind, mapping: {cat: '#/components/schemas/Cat', dog: '#/components/schemas/Dog'}}
    Cat: {allOf: [{$ref: '#/components/schemas/Pet'}, {type: object, properties: {lives: {type: integer}}}]}
    Dog: {allOf: [{$ref: '#/components/schemas/Pet'}, {type: object, properties: {tricks: {type: integer}}}]}
    Mood: {type: string, enum: [GOOD, BAD]}
";

    fn assigned(area: &str, table: &str) -> Result<Ir> {
        let mut tables = Tables::default();
        tables.spec.areas = vec!["pets".into()];
        tables.areas = testing::areas("pets");
        tables.names.groups.push(GroupName {
            area: "pets".into(),
            name: "pets".into(),
            about: String::new(),
            tags: vec!["Pet".into()],
            nouns: Vec::new(),
        });
        tables.idempotency = testing::idempotency(&testing::parse(DOCUMENT).1);
        tables.docs = vec![parse_docs(area, table)?];
        crate::passes::run(&testing::node(DOCUMENT), &tables)
    }

    fn member(ir: &Ir, ty: &str, member: &str) -> Option<String> {
        let Definition::Struct(fields) = &ir.types[ty].definition else {
            panic!("{ty} is not a struct")
        };
        let is = |field: &&Field| field.wire == member;
        fields.iter().find(is).unwrap().text.clone()
    }

    #[test]
    fn texts_reach_operations_parameters_members_and_values() {
        let ir = assigned(
            "pets",
            "
[operations]
getPet = 'Reads.'
[parameters]
petId = 'Its ID.'
'deletePet.petId' = 'Whom.'
[members]
'Pet.name' = 'What it hears.'
'Cat.name' = 'What it ignores.'
'*.mood' = 'How it feels.'
[values]
'Mood.GOOD' = 'Fed.'
",
        )
        .unwrap();
        let operation = |id: &str| ir.operations.iter().find(|operation| operation.id == id).unwrap();
        assert_eq!(operation("getPet").text.as_deref(), Some("Reads."));
        assert_eq!(operation("getPet").path_parameters[0].text.as_deref(), Some("Its ID."));
        assert_eq!(operation("deletePet").path_parameters[0].text.as_deref(), Some("Whom."));
        assert_eq!(member(&ir, "Cat", "name").as_deref(), Some("What it ignores."));
        assert_eq!(member(&ir, "Dog", "name").as_deref(), Some("What it hears."));
        assert_eq!(member(&ir, "Pet#base", "name").as_deref(), Some("What it hears."));
        assert_eq!(member(&ir, "Dog", "mood").as_deref(), Some("How it feels."));
        assert_eq!(member(&ir, "Dog", "tricks"), None);
        let Definition::Enum(values) = &ir.types["Mood"].definition else {
            panic!()
        };
        assert_eq!(values[0].text.as_deref(), Some("Fed."));
    }

    #[test]
    fn an_entry_for_nothing_is_an_error_that_names_table_and_entry() {
        for (section, key) in [
            ("operations", "gone"),
            ("parameters", "gone"),
            ("parameters", "getPet.gone"),
            ("members", "Gone.name"),
            ("members", "Cat.gone"),
            ("members", "Cat|Gone.name"),
            ("members", "*.gone"),
            ("values", "Mood.GONE"),
        ] {
            let error = assigned("pets", &format!("[{section}]\n'{key}' = 'Text.'"))
                .unwrap_err()
                .to_string();
            assert!(
                error.starts_with(&format!("docs/pets.toml: [{section}] `{key}`: ")),
                "{error}"
            );
        }
        let error = assigned("gone", "").unwrap_err().to_string();
        assert_eq!(error, "docs/gone.toml: no group is in the area `gone`");
    }

    #[test]
    fn two_texts_for_one_member_are_an_error() {
        let error = assigned("pets", "[members]\n'Cat.name' = 'One.'\n'Cat|Dog.name' = 'Two.'")
            .unwrap_err()
            .to_string();
        assert!(
            error.contains("`Cat|Dog.name`: `Cat` has this text already, from `Cat.name` of docs/pets.toml"),
            "{error}"
        );
    }
}
