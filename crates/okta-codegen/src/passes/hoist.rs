//! Inline schemas get names, so that each becomes a type: the owner's name and the member's.

use std::collections::BTreeSet;

use crate::{
    error::{Error, Result},
    operation::RawOperation,
    schema::{Origin, Others, Registry, Schema, Shape},
    tables::Names,
    words,
};

const TABLE: &str = "names.toml";

/// Names every inline object, enum and union, and replaces it by a reference.
pub(crate) fn hoist(registry: &mut Registry, operations: &mut [RawOperation], names: &Names) -> Result<()> {
    let mut hoist = Hoist {
        names,
        registry: std::mem::take(registry),
        used: BTreeSet::new(),
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
    hoist.report_unused();
    *registry = hoist.registry;
    Error::all(hoist.errors)
}

struct Hoist<'a> {
    names: &'a Names,
    registry: Registry,
    /// The places that the table names.
    used: BTreeSet<String>,
    errors: Vec<Error>,
}

impl Hoist<'_> {
    fn operation(&mut self, operation: &mut RawOperation) {
        let id = operation.id.clone();
        let owner = words::type_name(&id);
        for parameter in &mut operation.parameters {
            let name = match &parameter.component {
                Some(component) => words::type_name(component),
                None => format!("{owner}{}", words::type_name(&parameter.name)),
            };
            self.place(&mut parameter.schema, name, format!("{id}?{}", parameter.name));
        }
        for schema in operation.body.iter_mut().flat_map(|body| body.content.values_mut()) {
            self.place(schema, format!("{owner}Request"), format!("{id}.request"));
        }
        for schema in operation.answers.values_mut().flat_map(indexmap::IndexMap::values_mut) {
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
                        format!("{owner}{}", words::type_name(member)),
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
                for (index, member) in alternatives.members.iter_mut().enumerate() {
                    self.place(
                        member,
                        format!("{owner}Variant{}", index + 1),
                        format!("{owner}|{}", index + 1),
                    );
                }
            }
            Shape::List(Some(item)) | Shape::OneOrMany(item) => {
                self.place(item, words::singular(owner), format!("{owner}[]"));
            }
            _ => {}
        }
    }

    /// Names the schema that stands at `place`, if it needs a name, and else what is inside it.
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

    /// Names in the table for what does not exist.
    fn report_unused(&mut self) {
        for place in self.names.types.keys() {
            if !self.used.contains(place) && !self.registry.entries.contains_key(place) {
                self.errors.push(Error::table(
                    TABLE,
                    format!("[types] names `{place}`, which is no schema and no inline schema"),
                ));
            }
        }
    }
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
        let result = hoist(&mut registry, &mut operations, &names);
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
        assert!(error.contains("`A.gone`, which is no schema"), "{error}");
    }
}
