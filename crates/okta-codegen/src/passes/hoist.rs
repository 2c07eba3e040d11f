//! Inline schemas get names, so that each becomes a type: the owner's name and the member's.

use std::collections::BTreeSet;

use indexmap::IndexMap;

use crate::{
    error::{Error, Result},
    operation::RawOperation,
    schema::{Alternatives, Discriminator, Object, Origin, Others, Registry, Schema, Shape},
    tables::Names,
    words,
};

const TABLE: &str = "names.toml";

/// The places of inline schemas that the table names.
pub(crate) type Used = BTreeSet<String>;

/// Names every inline object, enum and union, and replaces it by a reference.
pub(crate) fn hoist(registry: &mut Registry, operations: &mut [RawOperation], names: &Names) -> Result<Used> {
    let mut hoist = Hoist {
        names,
        registry: std::mem::take(registry),
        used: Used::new(),
        errors: Vec::new(),
    };
    let components: Vec<String> = hoist.registry.entries.keys().cloned().collect();
    for name in components {
        let Some(entry) = hoist.registry.entries.get(&name) else {
            continue;
        };
        let mut schema = entry.schema.clone();
        hoist.inside(&mut schema, &name);
        hoist.registry.insert(name, schema, Origin::Component);
    }
    for operation in operations {
        hoist.operation(operation);
    }
    *registry = hoist.registry;
    Error::all(hoist.errors).map(|()| hoist.used)
}

/// Reports names in the table for what does not exist.
pub(crate) fn report_unused(registry: &Registry, names: &Names, used: &Used) -> Result<()> {
    let unused = names
        .types
        .keys()
        .filter(|place| !used.contains(*place) && !registry.entries.contains_key(*place));
    Error::all(
        unused
            .map(|place| {
                let problem = format!("[types] names `{place}`, which is neither a schema nor an inline schema");
                Error::table(TABLE, problem)
            })
            .collect(),
    )
}

struct Hoist<'a> {
    names: &'a Names,
    registry: Registry,
    used: Used,
    errors: Vec<Error>,
}

impl Hoist<'_> {
    fn operation(&mut self, operation: &mut RawOperation) {
        let id = operation.id.clone();
        let owner = words::camel(&id);
        for parameter in &mut operation.parameters {
            let name = match &parameter.component {
                Some(component) => words::camel(component),
                None => format!("{owner}{}", words::camel(&parameter.name)),
            };
            self.place(&mut parameter.schema, name, format!("{id}?{}", parameter.name));
        }
        for schema in operation.body.iter_mut().flat_map(|body| body.content.values_mut()) {
            self.place(schema, format!("{owner}Request"), format!("{id}.request"));
        }
        for schema in operation.answers.values_mut().flat_map(IndexMap::values_mut) {
            self.place(schema, format!("{owner}Response"), format!("{id}.response"));
        }
    }

    /// Names what is inside the schema called `owner`.
    fn inside(&mut self, schema: &mut Schema, owner: &str) {
        match &mut schema.shape {
            Shape::Object(object) => {
                for (member, schema) in &mut object.members {
                    self.place(
                        schema,
                        format!("{owner}{}", words::camel(member)),
                        format!("{owner}.{member}"),
                    );
                }
                if let Others::Of(value) = &mut object.others {
                    self.place(value, format!("{owner}Value"), format!("{owner}{{}}"));
                }
            }
            // The parts are the owner itself.
            Shape::AllOf(parts) => parts.iter_mut().for_each(|part| self.inside(part, owner)),
            Shape::OneOf(alternatives) => {
                let tags = tags(alternatives);
                for (index, member) in alternatives.members.iter_mut().enumerate() {
                    let name = match tags.get_index(index) {
                        Some((value, _)) => words::variant(value),
                        None => format!("Variant{}", index + 1),
                    };
                    self.place(member, format!("{owner}{name}"), format!("{owner}|{}", index + 1));
                }
                self.tell_apart(alternatives, &tags);
            }
            Shape::List(Some(item)) | Shape::OneOrMany(item) => {
                self.place(item, words::singular(owner), format!("{owner}[]"));
            }
            _ => {}
        }
    }

    /// Gives a union the discriminator that its variants show.
    fn tell_apart(&self, alternatives: &mut Alternatives, tags: &IndexMap<String, String>) {
        let Some(member) = tags.values().next() else { return };
        let targets = alternatives.members.iter().filter_map(|variant| match &variant.shape {
            Shape::Reference(name) => Some(name.clone()),
            _ => None,
        });
        alternatives.discriminator = Some(Discriminator {
            member: member.clone(),
            mapping: tags.keys().cloned().zip(targets).collect(),
        });
    }

    /// Names the schema at `place` if it needs a name, and otherwise the schemas inside it.
    fn place(&mut self, schema: &mut Schema, name: String, place: String) {
        match &mut schema.shape {
            Shape::List(Some(item)) => self.place(item, words::singular(&name), format!("{place}[]")),
            Shape::Object(object) if !object.is_struct() => {
                if let Others::Of(value) = &mut object.others {
                    self.place(value, format!("{name}Value"), format!("{place}{{}}"));
                }
            }
            Shape::Object(_) | Shape::AllOf(_) | Shape::OneOf(_) => self.register(schema, name, place),
            Shape::Enumeration(values) if values.len() > 1 => self.register(schema, name, place),
            _ => {}
        }
    }

    fn register(&mut self, schema: &mut Schema, name: String, place: String) {
        let given = self.names.types.get(&place);
        self.used.extend(given.map(|_| place.clone()));
        let name = given.cloned().unwrap_or(name);
        let mut hoisted = Schema::of(std::mem::take(&mut schema.shape));
        hoisted.notes.null_values = schema.notes.null_values;
        self.inside(&mut hoisted, &name);
        match self.registry.find(&name) {
            Some(known) if says_the_same(&known.shape, &hoisted.shape) => {}
            Some(_) => self.errors.push(Error::table(
                TABLE,
                format!(
                    "the inline schema `{place}` would be called `{name}`, which is another schema: name it in [types]"
                ),
            )),
            None => self.registry.insert(name.clone(), hoisted, Origin::Inline(place)),
        }
        schema.shape = Shape::Reference(name);
    }
}

/// The values that tell the inline variants of a union apart, each with the member that has it: a member that all of them
/// require and that has one value in each. Nothing if there is no such member, or the document names the discriminator.
fn tags(alternatives: &Alternatives) -> IndexMap<String, String> {
    let objects: Option<Vec<&Object>> = alternatives
        .members
        .iter()
        .map(|variant| match &variant.shape {
            Shape::Object(object) => Some(object),
            _ => None,
        })
        .collect();
    let objects = objects
        .filter(|_| alternatives.discriminator.is_none())
        .unwrap_or_default();
    let Some(first) = objects.first() else {
        return IndexMap::new();
    };
    let value = |object: &Object, member: &str| match &object.members.get(member)?.shape {
        Shape::Enumeration(values) if object.required.iter().any(|name| name == member) => match values.as_slice() {
            [value] => Some(value.clone()),
            _ => None,
        },
        _ => None,
    };
    first
        .required
        .iter()
        .map(|member| -> IndexMap<String, String> {
            let values = objects.iter().filter_map(|object| value(object, member));
            values.map(|value| (value, member.clone())).collect()
        })
        .find(|tags| tags.len() == objects.len())
        .unwrap_or_default()
}

/// Whether two shapes are the same; the order in which an enum lists its values says nothing.
fn says_the_same(a: &Shape, b: &Shape) -> bool {
    match (a, b) {
        (Shape::Enumeration(a), Shape::Enumeration(b)) => a.len() == b.len() && a.iter().all(|value| b.contains(value)),
        _ => a == b,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing;

    const DOCUMENT: &str = "
paths:
  /a:
    get:
      operationId: listThings
      tags: [T]
      parameters: [{name: sort, in: query, schema: {type: string, enum: [X, Y]}}]
      responses:
        '200': {content: {application/json: {schema: {type: array, items: {type: object, properties: {id: {type: string}}}}}}}
components:
  schemas:
    A:
      type: object
      properties:
        roles: {type: array, items: {type: object, properties: {kind: {type: string, enum: [P, Q]}}}}
        map: {type: object, additionalProperties: {type: object, properties: {x: {type: string}}}}
        free: {type: object, additionalProperties: {type: object, properties: {}}}
        one: {type: string, enum: [ONLY]}
        type: {type: object, properties: {id: {type: string}}}
";

    fn hoisted(table: &str) -> (Registry, Vec<RawOperation>, Result<()>) {
        let (mut registry, mut operations) = testing::parse(DOCUMENT);
        let names = Names {
            types: toml::from_str(table).unwrap(),
            ..Names::default()
        };
        let result =
            hoist(&mut registry, &mut operations, &names).and_then(|used| report_unused(&registry, &names, &used));
        (registry, operations, result)
    }

    #[test]
    fn inline_schemas_are_named_after_owner_and_member() {
        let (registry, operations, result) = hoisted("");
        result.unwrap();
        assert_eq!(
            testing::shape(&registry, "A"),
            "{roles: [ARole], map: {..AMapValue}, free: {..{}}, one: (ONLY), type: AType}"
        );
        assert_eq!(testing::shape(&registry, "ARole"), "{kind: ARoleKind}");
        assert_eq!(testing::shape(&registry, "ARoleKind"), "(P|Q)");
        assert_eq!(testing::shape(&registry, "ListThingsSort"), "(X|Y)");
        let answer = &operations[0].answers[&200]["application/json"];
        assert_eq!(testing::text(answer), "[ListThingsResponseItem]");
        assert_eq!(
            registry.entries["ARoleKind"].origin,
            Origin::Inline("ARole.kind".into())
        );
    }

    #[test]
    fn variants_are_distinguished_by_what_each_has_only_one_value_of() {
        let (mut registry, mut operations) = testing::parse(
            "components:
  schemas:
    Distinct:
      oneOf:
      - {type: object, required: [kind], properties: {kind: {type: string, enum: [CAT]}}}
      - {type: object, required: [kind], properties: {kind: {type: string, enum: [BIG_DOG]}}}
    Indistinct:
      oneOf:
      - {type: object, required: [kind], properties: {kind: {type: string, enum: [CAT]}}}
      - {type: object, required: [kind], properties: {kind: {type: string, enum: [CAT]}}}
",
        );
        hoist(&mut registry, &mut operations, &Names::default()).unwrap();
        assert_eq!(testing::shape(&registry, "Distinct"), "DistinctCat | DistinctBigDog");
        let tag = |name: &str| match &registry.find(name).unwrap().shape {
            Shape::OneOf(alternatives) => alternatives.discriminator.as_ref().map(|found| found.member.clone()),
            _ => None,
        };
        assert_eq!(tag("Distinct").as_deref(), Some("kind"));
        assert_eq!(tag("Indistinct"), None);
    }

    #[test]
    fn the_table_renames_by_place() {
        let (registry, _, result) = hoisted("'A.type' = 'Reference'");
        result.unwrap();
        assert_eq!(testing::shape(&registry, "Reference"), "{id: String}");
    }

    #[test]
    fn a_name_that_is_taken_by_another_schema_is_an_error() {
        let (_, _, result) = hoisted("'A.type' = 'A'");
        let error = result.unwrap_err().to_string();
        assert!(error.contains("`A.type` would be called `A`"), "{error}");
    }

    #[test]
    fn a_name_for_nothing_is_an_error() {
        let (_, _, result) = hoisted("'A.gone' = 'Gone'");
        let error = result.unwrap_err().to_string();
        assert!(error.contains("`A.gone`, which is neither a schema"), "{error}");
    }
}
