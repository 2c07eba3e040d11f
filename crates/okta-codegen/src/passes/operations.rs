//! Operations: what the document says about them, and the facts that it does not say.

use crate::{
    error::{Error, Result},
    ir::{Authorization, Body, BodyKind, Definition, Ir, Operation, Parameter, Response, TypeRef},
    operation::{Location, RawBody, RawOperation, RawParameter},
    passes::classify::Classifier,
    schema::{Registry, Schema, Shape},
    tables::{Facts, Tables},
};

const JSON: &str = "application/json";
const MERGE_PATCH: &str = "application/merge-patch+json";
const MULTIPART: &str = "multipart/form-data";

/// Adds all operations to the representation, which has the types already.
pub(crate) fn add(ir: &mut Ir, registry: &Registry, raw: &[RawOperation], tables: &Tables) -> Result<()> {
    let reader = Reader {
        classifier: Classifier { registry },
        ir,
        tables,
    };
    let mut errors = unknown_ids(&tables.facts, raw);
    let mut operations = Vec::new();
    for raw in raw {
        match reader.operation(raw) {
            Ok(operation) => operations.push(operation),
            Err(error) => errors.push(error),
        }
    }
    Error::all(errors)?;
    ir.operations = operations;
    Ok(())
}

fn unknown_ids(facts: &Facts, raw: &[RawOperation]) -> Vec<Error> {
    facts
        .ids()
        .filter(|id| !raw.iter().any(|operation| operation.id == *id))
        .map(|id| Error::table("operations.toml", format!("there is no operation `{id}`")))
        .collect()
}

struct Reader<'a> {
    classifier: Classifier<'a>,
    ir: &'a Ir,
    tables: &'a Tables,
}

impl Reader<'_> {
    fn operation(&self, raw: &RawOperation) -> Result<Operation> {
        let facts = &self.tables.facts;
        let group = self.tables.names.group_of_tag(&raw.tag).ok_or_else(|| {
            Error::table(
                "names.toml",
                format!("no group has the tag `{}` of the operation `{}`", raw.tag, raw.id),
            )
        })?;
        let of = |location| {
            raw.parameters
                .iter()
                .filter(move |parameter| parameter.location == location)
        };
        let is_in = |ids: &[String]| ids.contains(&raw.id);
        Ok(Operation {
            id: raw.id.clone(),
            tag: raw.tag.clone(),
            area: group.area.clone(),
            group: group.name.clone(),
            name: String::new(),
            method: raw.method.clone(),
            path: raw.path.clone(),
            path_parameters: self.path_parameters(raw)?,
            query: of(Location::Query)
                .map(|parameter| self.parameter(raw, parameter))
                .collect::<Result<_>>()?,
            headers: of(Location::Header)
                .map(|parameter| self.parameter(raw, parameter))
                .collect::<Result<_>>()?,
            body: raw.body.as_ref().map(|body| self.body(raw, body)).transpose()?,
            response: self.response(raw)?,
            scopes: raw.security.iter().flat_map(|(_, scopes)| scopes).cloned().collect(),
            authorization: authorization(raw)?,
            is_idempotent: is_in(&facts.idempotent),
            polls: is_in(&facts.polls),
            deprecated: raw.deprecated,
            lifecycle: raw.lifecycle.clone(),
            host: raw.host.clone(),
        })
    }

    /// The parameters of the path, in its order.
    fn path_parameters(&self, raw: &RawOperation) -> Result<Vec<Parameter>> {
        let names: Vec<&str> = raw
            .path
            .split('/')
            .filter_map(|segment| segment.strip_prefix('{').and_then(|segment| segment.strip_suffix('}')))
            .collect();
        let declared = raw
            .parameters
            .iter()
            .filter(|parameter| parameter.location == Location::Path);
        if let Some(stray) = declared
            .clone()
            .find(|parameter| !names.contains(&parameter.name.as_str()))
        {
            return Err(Error::document(
                &raw.id,
                format!("the path {} has no `{{{}}}`", raw.path, stray.name),
            ));
        }
        names
            .into_iter()
            .map(|name| match declared.clone().find(|parameter| parameter.name == name) {
                Some(parameter) => self.parameter(raw, parameter),
                None => Err(Error::document(
                    &raw.id,
                    format!("the path parameter `{name}` is not declared"),
                )),
            })
            .collect()
    }

    fn parameter(&self, raw: &RawOperation, parameter: &RawParameter) -> Result<Parameter> {
        let place = format!("{}?{}", raw.id, parameter.name);
        let notes = self.classifier.notes(&parameter.schema);
        let mut ty = self.classifier.type_of(&parameter.schema, &place)?;
        if ty == TypeRef::Timestamp {
            // Okta takes several notations here; the text is the caller's.
            ty = TypeRef::String;
        }
        Ok(Parameter {
            wire: parameter.name.clone(),
            rust: String::new(),
            ty,
            required: parameter.required,
            deprecated: parameter.deprecated || notes.deprecated,
            explode: parameter.explode,
            default: notes.default,
            constant: self.classifier.constant(&parameter.schema),
        })
    }

    fn body(&self, raw: &RawOperation, body: &RawBody) -> Result<Body> {
        let place = format!("{}.request", raw.id);
        let kind = if let Some((media_type, schema)) = body
            .content
            .iter()
            .find(|(media_type, _)| [JSON, MERGE_PATCH].contains(&media_type.as_str()))
        {
            BodyKind::Json(self.classifier.type_of(schema, &place)?, media_type.clone())
        } else if let Some(schema) = body.content.get(MULTIPART) {
            BodyKind::Multipart {
                part: self.part(schema, &place)?,
            }
        } else {
            BodyKind::Raw {
                media_types: body.content.keys().cloned().collect(),
            }
        };
        Ok(Body {
            kind,
            required: body.required || !self.tables.facts.optional_bodies.contains(&raw.id),
            rust: body.name.clone().unwrap_or_else(|| "body".to_owned()),
        })
    }

    /// The name of the only part of a `multipart/form-data` body.
    fn part(&self, schema: &Schema, place: &str) -> Result<String> {
        let found = self.classifier.registry.resolve(schema).map(|found| &found.shape);
        match found {
            Some(Shape::Object(object)) if object.members.len() == 1 => {
                Ok(object.members.keys().next().cloned().unwrap_or_default())
            }
            _ => Err(Error::document(place, "exactly one part is expected")),
        }
    }

    fn response(&self, raw: &RawOperation) -> Result<Response> {
        let place = format!("{}.response", raw.id);
        let mut json: Option<TypeRef> = None;
        let mut may_be_empty = false;
        let mut is_text = false;
        for content in raw.answers.values() {
            if let Some(schema) = content.get(JSON) {
                let ty = self.classifier.type_of(schema, &place)?;
                match &json {
                    Some(known) if *known != ty => {
                        let problem = format!("it answers with {known} and with {ty}: choose one in patches.toml");
                        return Err(Error::document(&place, problem));
                    }
                    _ => json = Some(ty),
                }
            } else if content.is_empty() {
                may_be_empty = true;
            } else {
                is_text = true;
            }
        }
        Ok(match json {
            None if is_text => Response::Text,
            None => Response::Empty,
            Some(TypeRef::List(item)) if raw.method == "GET" => Response::List(*item),
            Some(ty) if may_be_empty => Response::Optional(ty),
            Some(ty) => match self.tables.facts.wrapped.get(&raw.id) {
                Some(member) => {
                    let item = self.item(&ty, member, &place)?;
                    Response::Wrapped {
                        body: ty,
                        member: member.clone(),
                        item,
                    }
                }
                None => Response::Json(ty),
            },
        })
    }

    /// The type of the items that the member of an object holds.
    fn item(&self, ty: &TypeRef, member: &str, place: &str) -> Result<TypeRef> {
        let found = ty
            .name()
            .and_then(|name| self.ir.types.get(name))
            .map(|found| &found.definition);
        if let Some(Definition::Struct(fields)) = found
            && let Some(field) = fields.iter().find(|field| field.wire == member)
            && let TypeRef::List(item) = &field.ty
        {
            return Ok((**item).clone());
        }
        Err(Error::document(
            place,
            format!("operations.toml says that `{member}` holds a page, but it is no list"),
        ))
    }
}

fn authorization(raw: &RawOperation) -> Result<Authorization> {
    let has = |name: &str| raw.security.iter().any(|(scheme, _)| scheme == name);
    match (has("apiToken"), has("oauth2")) {
        _ if raw
            .security
            .iter()
            .any(|(scheme, _)| !["apiToken", "oauth2"].contains(&scheme.as_str())) =>
        {
            Err(Error::document(
                &raw.id,
                "a security scheme is not known to the generator",
            ))
        }
        (true, true) => Ok(Authorization::ApiTokenOrOAuth),
        (true, false) => Ok(Authorization::ApiToken),
        (false, true) => Ok(Authorization::OAuth),
        (false, false) => Ok(Authorization::None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{passes, tables::GroupName, testing};

    fn operation(yaml: &str, facts: &str) -> Result<Operation> {
        let (mut registry, mut raw) = testing::parse(&format!(
            "{yaml}\ncomponents: {{schemas: {{A: {{type: object, properties: {{x: {{type: string}}, list: {{type: array, items: {{$ref: '#/components/schemas/A'}}}}}}}}}}}}"
        ));
        let mut tables = Tables::default();
        tables.names.groups.push(GroupName {
            area: "area".into(),
            name: "things".into(),
            tags: vec!["T".into()],
            nouns: Vec::new(),
        });
        let none = "idempotent = []\npolls = []\noptional_bodies = []\n[borrowers]\n[wrapped]\n[header_lists]\n";
        tables.facts = toml::from_str(if facts.is_empty() { none } else { facts }).unwrap();
        passes::hoist::hoist(&mut registry, &mut raw, &tables.names)?;
        let mut ir = Ir {
            types: passes::classify::classify(&registry)?,
            ..Ir::default()
        };
        add(&mut ir, &registry, &raw, &tables)?;
        Ok(ir.operations.remove(0))
    }

    fn answering(method: &str, responses: &str) -> Result<Response> {
        let yaml = format!("paths: {{/a: {{{method}: {{operationId: doIt, tags: [T], responses: {responses}}}}}}}");
        operation(&yaml, "").map(|operation| operation.response)
    }

    const A: &str = "content: {application/json: {schema: {$ref: '#/components/schemas/A'}}}";
    const LIST: &str = "content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/A'}}}}";

    #[test]
    fn answers_are_told_by_their_bodies() {
        let a = || TypeRef::Named("A".into());
        assert_eq!(
            answering("get", &format!("{{'200': {{{A}}}}}")).unwrap(),
            Response::Json(a())
        );
        assert_eq!(
            answering("get", &format!("{{'200': {{{LIST}}}, '204': {{}}}}")).unwrap(),
            Response::List(a())
        );
        let list = TypeRef::List(Box::new(a()));
        assert_eq!(
            answering("post", &format!("{{'200': {{{LIST}}}}}")).unwrap(),
            Response::Json(list)
        );
        assert_eq!(
            answering("get", &format!("{{'200': {{{A}}}, '202': {{}}}}")).unwrap(),
            Response::Optional(a())
        );
        assert_eq!(answering("post", "{'204': {}, '400': {}}").unwrap(), Response::Empty);
        assert_eq!(
            answering("get", "{'200': {content: {text/xml: {schema: {type: string}}}}}").unwrap(),
            Response::Text
        );
    }

    #[test]
    fn two_types_of_answers_have_to_be_decided() {
        let error = answering("get", &format!("{{'200': {{{A}}}, '201': {{{LIST}}}}}"))
            .unwrap_err()
            .to_string();
        assert_eq!(
            error,
            "doIt.response: it answers with A and with Vec<A>: choose one in patches.toml"
        );
    }

    #[test]
    fn a_page_inside_an_object_is_found() {
        let facts = "idempotent = []\npolls = []\noptional_bodies = []\n[borrowers]\n[header_lists]\n[wrapped]\ndoIt = 'list'\n";
        let yaml = format!("paths: {{/a: {{get: {{operationId: doIt, tags: [T], responses: {{'200': {{{A}}}}}}}}}}}");
        let a = TypeRef::Named("A".into());
        assert_eq!(
            operation(&yaml, facts).unwrap().response,
            Response::Wrapped {
                body: a.clone(),
                member: "list".into(),
                item: a
            }
        );
        let error = operation(&yaml, &facts.replace("'list'", "'x'"))
            .unwrap_err()
            .to_string();
        assert!(error.contains("`x` holds a page, but it is no list"), "{error}");
    }

    #[test]
    fn path_parameters_follow_the_path_and_are_always_required() {
        let yaml = "
paths:
  /a/{first}/{second}:
    parameters: [{name: second, in: path, schema: {type: string}}, {name: first, in: path, schema: {type: string}}]
    put:
      operationId: doIt
      tags: [T]
      security: [{oauth2: [s]}]
      parameters: [{name: first, in: path, schema: {type: integer}}, {name: q, in: query, style: form, explode: false, schema: {type: array, items: {type: string}}}]
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/A'}}}}
      responses: {'204': {}}
";
        let found = operation(yaml, "").unwrap();
        let path: Vec<_> = found
            .path_parameters
            .iter()
            .map(|found| (found.wire.as_str(), found.ty.to_string()))
            .collect();
        assert_eq!(path, [("first", "i64".to_owned()), ("second", "String".to_owned())]);
        assert!(found.path_parameters.iter().all(|parameter| parameter.required));
        assert!(!found.query[0].explode && !found.query[0].required);
        assert_eq!(
            (found.authorization, found.scopes),
            (Authorization::OAuth, vec!["s".to_owned()])
        );
        assert!(found.body.unwrap().required, "the document forgets to say so");
    }

    #[test]
    fn a_parameter_that_the_path_lacks_is_an_error() {
        let yaml = "paths: {/a: {get: {operationId: doIt, tags: [T], parameters: [{name: x, in: path, schema: {type: string}}], responses: {}}}}";
        assert_eq!(
            operation(yaml, "").unwrap_err().to_string(),
            "doIt: the path /a has no `{x}`"
        );
    }

    #[test]
    fn facts_about_unknown_operations_are_errors() {
        let facts = "idempotent = ['gone']\npolls = []\noptional_bodies = []\n[borrowers]\n[wrapped]\n[header_lists]\n";
        let error = operation(
            "paths: {/a: {get: {operationId: doIt, tags: [T], responses: {}}}}",
            facts,
        )
        .unwrap_err();
        assert_eq!(error.to_string(), "operations.toml: there is no operation `gone`");
    }
}
