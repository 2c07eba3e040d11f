//! Operations: what the document says about them, and the facts that it does not say.

use std::collections::{BTreeSet, HashMap};

use indexmap::IndexMap;

use crate::{
    error::{Error, Result},
    ir::{Authorization, Body, BodyKind, Definition, Ir, Operation, Parameter, Response, TypeRef},
    operation::{Location, RawBody, RawOperation, RawParameter},
    passes::classify::Classifier,
    schema::{Registry, Schema, Shape},
    tables::{Facts, Rule, Tables},
};

/// The format of a parameter that is a time without a fraction of seconds; from patches.toml.
const WHOLE_SECONDS: &str = "date-time in whole seconds";
const JSON: &str = "application/json";
const MERGE_PATCH: &str = "application/merge-patch+json";
const MULTIPART: &str = "multipart/form-data";
const CERTIFICATES: [&str; 3] = [
    "application/pkix-cert",
    "application/x-pem-file",
    "application/x-x509-ca-cert",
];

/// Adds all operations to the representation, which has the types already.
pub(crate) fn add(ir: &mut Ir, registry: &Registry, raw: &[RawOperation], tables: &Tables) -> Result<()> {
    let reader = Reader {
        classifier: Classifier { registry },
        ir,
        tables,
        idempotency: tables
            .idempotency
            .by_operation(raw.iter().map(|operation| operation.id.as_str()))?,
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
    idempotency: HashMap<&'a str, &'a Rule>,
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
        let rule = self
            .idempotency
            .get(raw.id.as_str())
            .ok_or_else(|| Error::table("idempotency.toml", format!("`{}` is not listed", raw.id)))?;
        Ok(Operation {
            id: raw.id.clone(),
            tag: raw.tag.clone(),
            area: group.area.clone(),
            needs: BTreeSet::new(),
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
            answers_as: answers_as(raw)?,
            scopes: raw.security.iter().flat_map(|(_, scopes)| scopes).cloned().collect(),
            authorization: authorization(raw)?,
            idempotency: rule.idempotency,
            idempotency_reason: rule.reason.clone(),
            polls: is_in(&facts.polls),
            deprecated: raw.deprecated,
            lifecycle: raw.lifecycle.clone(),
            host: raw.host.clone(),
            free_form: self.free_form(raw),
            text: None,
        })
    }

    /// Whether the body or the response is any JSON, and why.
    fn free_form(&self, raw: &RawOperation) -> Vec<(&'static str, String)> {
        let json =
            |content: &IndexMap<String, Schema>| content.get(JSON).and_then(|schema| self.classifier.free_form(schema));
        let body = raw.body.iter().filter_map(|body| json(&body.content));
        let answer = raw.answers.values().find_map(json);
        body.map(|reason| ("body", reason))
            .chain(answer.map(|reason| ("response", reason)))
            .collect()
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
        let whole_seconds = notes.format.as_deref() == Some(WHOLE_SECONDS);
        let ty = if whole_seconds {
            TypeRef::Timestamp
        } else {
            self.classifier.type_of(&parameter.schema, &place)?
        };
        Ok(Parameter {
            wire: parameter.name.clone(),
            rust: String::new(),
            required: parameter.required,
            deprecated: parameter.deprecated || notes.deprecated,
            explode: parameter.explode,
            is_expression: self.is_expression(raw, parameter, &ty)?,
            ty,
            default: notes.default,
            whole_seconds,
            constant: self.classifier.constant(&parameter.schema),
            limits: notes.limits,
            lifecycle: notes.lifecycle,
            text: None,
        })
    }

    /// Whether a parameter takes an expression. The document says so in prose only, so that a table has to list each one.
    fn is_expression(&self, raw: &RawOperation, parameter: &RawParameter, ty: &TypeRef) -> Result<bool> {
        let facts = &self.tables.facts;
        let place = format!("{}.{}", raw.id, parameter.name);
        let is_text = parameter.location == Location::Query && *ty == TypeRef::String;
        match (facts.expressions.contains(&place), facts.keywords.contains(&place)) {
            (is_expression, is_keyword) if is_text && is_expression != is_keyword => Ok(is_expression),
            (false, false) if !is_text || !matches!(parameter.name.as_str(), "search" | "filter") => Ok(false),
            (false, false) => {
                let problem = format!("`{place}` is text: list it in `expressions` or in `keywords`");
                Err(Error::table("operations.toml", problem))
            }
            _ => {
                let problem =
                    format!("`{place}` must be text in the query, and in one of `expressions` and `keywords`");
                Err(Error::table("operations.toml", problem))
            }
        }
    }

    fn body(&self, raw: &RawOperation, body: &RawBody) -> Result<Body> {
        let place = format!("{}.request", raw.id);
        let mut media_types: Vec<&str> = body.content.keys().map(String::as_str).collect();
        media_types.sort_unstable();
        let schema = || match body.content.values().next() {
            Some(schema) => Ok(schema),
            None => Err(Error::document(&place, "the body has no content")),
        };
        let kind = match media_types.as_slice() {
            [JSON] => BodyKind::Json(self.classifier.type_of(schema()?, &place)?),
            [MERGE_PATCH] => BodyKind::MergePatch(self.classifier.type_of(schema()?, &place)?),
            [MULTIPART] => BodyKind::Multipart {
                part: self.part(schema()?, &place)?,
            },
            [one] if self.classifier.type_of(schema()?, &place)? == TypeRef::String => BodyKind::Text {
                media_type: (*one).to_owned(),
            },
            certificates if certificates == CERTIFICATES => BodyKind::Certificate,
            other => {
                let problem = format!("a body of {} is not known to the generator", other.join(", "));
                return Err(Error::document(place, problem));
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
        let mut text = None;
        for content in raw.answers.values() {
            if let Some(schema) = content.get(JSON) {
                let ty = self.classifier.type_of(schema, &place)?;
                match &json {
                    Some(known) if *known != ty => {
                        let problem = format!("it returns {known} and {ty}: choose one in patches.toml");
                        return Err(Error::document(&place, problem));
                    }
                    _ => json = Some(ty),
                }
            } else if let Some(media_type) = content.keys().next() {
                text = Some(media_type.clone());
            } else {
                may_be_empty = true;
            }
        }
        let items_at = self.tables.facts.items_at.get(&raw.id);
        Ok(match (json, text, items_at) {
            (None, Some(media_type), _) => Response::Text { media_type },
            (None, None, _) => Response::Empty,
            (Some(TypeRef::List(item)), _, items_at) => Response::List {
                item: *item,
                items_at: items_at.cloned().unwrap_or_default(),
            },
            (Some(ty), _, Some(items_at)) => Response::List {
                item: self.item(&ty, items_at, &place)?,
                items_at: items_at.clone(),
            },
            (Some(ty), _, None) if may_be_empty => Response::Optional(ty),
            (Some(ty), _, None) => Response::Json(ty),
        })
    }

    /// The type of the items of a list that comes in an object: what the first of the paths in the document leads to.
    fn item(&self, ty: &TypeRef, items_at: &[String], place: &str) -> Result<TypeRef> {
        let found = items_at.iter().find_map(|path| match ty {
            TypeRef::OneOrMany(item) if path.is_empty() => Some((**item).clone()),
            _ => match path.split('.').try_fold(ty, |ty, member| self.member(ty, member))? {
                TypeRef::List(item) => Some((**item).clone()),
                _ => None,
            },
        });
        found.ok_or_else(|| {
            let paths = items_at.join("` or `");
            Error::document(
                place,
                format!("operations.toml says that `{paths}` holds the items, but it is not a list"),
            )
        })
    }

    /// The type of a member.
    fn member(&self, ty: &TypeRef, member: &str) -> Option<&TypeRef> {
        match &self.ir.types.get(ty.name()?)?.definition {
            Definition::Struct(fields) => fields.iter().find(|field| field.wire == member).map(|field| &field.ty),
            _ => None,
        }
    }
}

/// The other media type of a response that is JSON.
fn answers_as(raw: &RawOperation) -> Result<Option<String>> {
    let contents = raw.answers.values().filter(|content| content.contains_key(JSON));
    let mut others: Vec<&String> = contents
        .flat_map(IndexMap::keys)
        .filter(|media_type| *media_type != JSON)
        .collect();
    others.dedup();
    match others.as_slice() {
        [] => Ok(None),
        [one] => Ok(Some((*one).clone())),
        several => Err(Error::document(
            &raw.id,
            format!("it responds with JSON and with any of {several:?}"),
        )),
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
            about: String::new(),
            tags: vec!["T".into()],
            nouns: Vec::new(),
        });
        let none = "polls = []\noptional_bodies = []\n[borrowers]\n[items_at]\n[header_lists]\n";
        tables.facts = toml::from_str(if facts.is_empty() { none } else { facts }).unwrap();
        tables.idempotency = testing::idempotency(&raw);
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
    fn responses_are_classified_by_their_bodies() {
        let a = || TypeRef::Named("A".into());
        assert_eq!(
            answering("get", &format!("{{'200': {{{A}}}}}")).unwrap(),
            Response::Json(a())
        );
        let list = Response::List {
            item: a(),
            items_at: Vec::new(),
        };
        assert_eq!(
            answering("get", &format!("{{'200': {{{LIST}}}, '204': {{}}}}")).unwrap(),
            list
        );
        assert_eq!(answering("post", &format!("{{'200': {{{LIST}}}}}")).unwrap(), list);
        assert_eq!(
            answering("get", &format!("{{'200': {{{A}}}, '202': {{}}}}")).unwrap(),
            Response::Optional(a())
        );
        assert_eq!(answering("post", "{'204': {}, '400': {}}").unwrap(), Response::Empty);
        assert_eq!(
            answering("get", "{'200': {content: {text/xml: {schema: {type: string}}}}}").unwrap(),
            Response::Text {
                media_type: "text/xml".into()
            }
        );
    }

    #[test]
    fn each_search_and_each_filter_is_an_expression_or_a_keyword() {
        let is_expression = |lists: &str, parameter: &str| {
            let yaml = format!(
                "paths: {{/a: {{get: {{operationId: doIt, tags: [T], parameters: [{parameter}], responses: {{'204': {{}}}}}}}}}}"
            );
            let facts = format!("polls = []\noptional_bodies = []\n{lists}\n[borrowers]\n[items_at]\n[header_lists]\n");
            operation(&yaml, &facts)
                .map(|operation| operation.query[0].is_expression)
                .map_err(|error| error.to_string())
        };
        let search = "{name: search, in: query, schema: {type: string}}";
        assert_eq!(is_expression("expressions = ['doIt.search']", search), Ok(true));
        assert_eq!(is_expression("keywords = ['doIt.search']", search), Ok(false));
        assert!(
            is_expression("", search)
                .unwrap_err()
                .contains("`doIt.search` is text: list it")
        );
        let both = "expressions = ['doIt.search']\nkeywords = ['doIt.search']";
        assert!(is_expression(both, search).unwrap_err().contains("must be text"));
        let number = "{name: search, in: query, schema: {type: integer}}";
        assert!(
            is_expression("expressions = ['doIt.search']", number)
                .unwrap_err()
                .contains("must be text")
        );
        assert_eq!(
            is_expression("", "{name: q, in: query, schema: {type: string}}"),
            Ok(false)
        );
        assert!(
            is_expression("expressions = ['other.search']", search)
                .unwrap_err()
                .contains("no operation `other`")
        );
    }

    #[test]
    fn two_types_of_responses_have_to_be_decided() {
        let error = answering("get", &format!("{{'200': {{{A}}}, '201': {{{LIST}}}}}"))
            .unwrap_err()
            .to_string();
        assert_eq!(
            error,
            "doIt.response: it returns A and Vec<A>: choose one in patches.toml"
        );
    }

    #[test]
    fn a_page_inside_an_object_is_found() {
        let facts = "polls = []\noptional_bodies = []\n[borrowers]\n[header_lists]\n[items_at]\ndoIt = ['list']\n";
        let yaml = format!("paths: {{/a: {{get: {{operationId: doIt, tags: [T], responses: {{'200': {{{A}}}}}}}}}}}");
        let a = TypeRef::Named("A".into());
        assert_eq!(
            operation(&yaml, facts).unwrap().response,
            Response::List {
                item: a,
                items_at: vec!["list".into()]
            }
        );
        let error = operation(&yaml, &facts.replace("'list'", "'x'"))
            .unwrap_err()
            .to_string();
        assert!(error.contains("`x` holds the items, but it is not a list"), "{error}");
    }

    #[test]
    fn bodies_are_told_by_their_media_types() {
        let body = |content: &str| {
            let yaml = format!(
                "paths: {{/a: {{post: {{operationId: doIt, tags: [T], responses: {{}}, requestBody: {{content: {{{content}}}}}}}}}}}"
            );
            operation(&yaml, "").map(|operation| operation.body.unwrap().kind)
        };
        let a = TypeRef::Named("A".into());
        let schema = "{schema: {$ref: '#/components/schemas/A'}}";
        let bytes = "{schema: {type: string, format: binary}}";
        assert_eq!(
            body(&format!("application/json: {schema}")).unwrap(),
            BodyKind::Json(a.clone())
        );
        assert_eq!(
            body(&format!("application/merge-patch+json: {schema}")).unwrap(),
            BodyKind::MergePatch(a)
        );
        let part = "multipart/form-data: {schema: {type: object, properties: {file: {type: string, format: binary}}}}";
        assert_eq!(body(part).unwrap(), BodyKind::Multipart { part: "file".into() });
        let certificates = CERTIFICATES
            .map(|media_type| format!("{media_type}: {bytes}"))
            .join(", ");
        assert_eq!(body(&certificates).unwrap(), BodyKind::Certificate);
        assert_eq!(
            body("application/secevent+jwt: {schema: {type: string}}").unwrap(),
            BodyKind::Text {
                media_type: "application/secevent+jwt".into()
            }
        );
        let error = body(&format!("text/csv: {bytes}")).unwrap_err().to_string();
        assert_eq!(error, "doIt.request: a body of text/csv is not known to the generator");
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
        let facts = "polls = ['gone']\noptional_bodies = []\n[borrowers]\n[items_at]\n[header_lists]\n";
        let error = operation(
            "paths: {/a: {get: {operationId: doIt, tags: [T], responses: {}}}}",
            facts,
        )
        .unwrap_err();
        assert_eq!(error.to_string(), "operations.toml: there is no operation `gone`");
    }
}
