//! Reading the operations of the document.

use indexmap::IndexMap;

use super::{Location, RawBody, RawOperation, RawParameter};
use crate::{
    document::Node,
    error::{Error, Result},
    schema::{self, Schema},
};

const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

/// Reads all operations in the order of the document. Paths without operations are skipped.
pub(crate) fn parse(document: &Node) -> Result<Vec<RawOperation>> {
    let paths = document
        .get("paths")
        .and_then(Node::as_map)
        .ok_or_else(|| Error::document("#", "`paths` is missing"))?;
    let mut operations = Vec::new();
    for (path, item) in paths {
        for method in METHODS {
            if let Some(node) = item.get(method) {
                operations.push(
                    Reader {
                        document,
                        path,
                        method,
                        item,
                        node,
                    }
                    .read()?,
                );
            }
        }
    }
    Ok(operations)
}

struct Reader<'a> {
    document: &'a Node,
    path: &'a str,
    method: &'a str,
    item: &'a Node,
    node: &'a Node,
}

impl<'a> Reader<'a> {
    fn read(&self) -> Result<RawOperation> {
        let place = format!("{} {}", self.method.to_uppercase(), self.path);
        let id = self
            .text("operationId")
            .ok_or_else(|| Error::document(&place, "`operationId` is missing"))?;
        let tag = match self.node.get("tags").and_then(Node::as_list) {
            Some([Node::Text(tag)]) => tag.clone(),
            _ => return Err(Error::document(id, "exactly one tag is expected")),
        };
        Ok(RawOperation {
            id: id.to_owned(),
            method: self.method.to_uppercase(),
            path: self.path.to_owned(),
            tag,
            parameters: self.parameters(id)?,
            body: self.body(id)?,
            answers: self.answers(id)?,
            security: self.security(),
            lifecycle: schema::lifecycle(self.node).or_else(|| schema::lifecycle(self.item)),
            deprecated: self.node.get("deprecated").and_then(Node::as_bool) == Some(true),
            host: self.host(),
        })
    }

    fn text(&self, member: &str) -> Option<&'a str> {
        self.node.get(member).and_then(Node::as_str)
    }

    /// The parameters of the path, each replaced by the operation's own one of the same name, and then the others.
    fn parameters(&self, id: &str) -> Result<Vec<RawParameter>> {
        let mut parameters: Vec<RawParameter> = Vec::new();
        for node in [self.item, self.node] {
            for node in node.get("parameters").and_then(Node::as_list).unwrap_or_default() {
                let parameter = self.parameter(node, id)?;
                match parameters
                    .iter_mut()
                    .find(|known| known.name == parameter.name && known.location == parameter.location)
                {
                    Some(known) => *known = parameter,
                    None => parameters.push(parameter),
                }
            }
        }
        Ok(parameters)
    }

    fn parameter(&self, node: &'a Node, id: &str) -> Result<RawParameter> {
        let (node, component) = self.resolve(node, id)?;
        let name = node
            .get("name")
            .and_then(Node::as_str)
            .ok_or_else(|| Error::document(id, "a parameter has no name"))?;
        let place = format!("{id}?{name}");
        let location = match node.get("in").and_then(Node::as_str) {
            Some("path") => Location::Path,
            Some("query") => Location::Query,
            Some("header") => Location::Header,
            other => {
                return Err(Error::document(
                    place,
                    format!("parameters in {other:?} are not known to the generator"),
                ));
            }
        };
        let schema = node
            .get("schema")
            .ok_or_else(|| Error::document(&place, "the parameter has no schema"))?;
        let schema = schema::parse(schema, &place)?;
        let is = |member: &str| node.get(member).and_then(Node::as_bool);
        Ok(RawParameter {
            name: name.to_owned(),
            location,
            required: location == Location::Path || is("required") == Some(true),
            deprecated: is("deprecated") == Some(true),
            explode: is("explode") != Some(false),
            schema,
            component,
        })
    }

    fn body(&self, id: &str) -> Result<Option<RawBody>> {
        let Some(node) = self.node.get("requestBody") else {
            return Ok(None);
        };
        let (node, _) = self.resolve(node, id)?;
        Ok(Some(RawBody {
            content: content(node, &format!("{id}.request"))?,
            required: node.get("required").and_then(Node::as_bool) == Some(true),
            name: self.text("x-codegen-request-body-name").map(str::to_owned),
        }))
    }

    fn answers(&self, id: &str) -> Result<IndexMap<u16, IndexMap<String, Schema>>> {
        let mut answers = IndexMap::new();
        for (status, node) in self.node.get("responses").and_then(Node::as_map).into_iter().flatten() {
            let Ok(code) = status.parse::<u16>() else {
                return Err(Error::document(
                    id,
                    format!("`{status}` is not a status code that the generator knows"),
                ));
            };
            if (200..300).contains(&code) {
                let (node, _) = self.resolve(node, id)?;
                answers.insert(code, content(node, &format!("{id}.response"))?);
            }
        }
        Ok(answers)
    }

    fn security(&self) -> Vec<(String, Vec<String>)> {
        let node = self.node.get("security").or_else(|| self.document.get("security"));
        let mut schemes = Vec::new();
        for alternative in node.and_then(Node::as_list).unwrap_or_default() {
            for (scheme, scopes) in alternative.as_map().into_iter().flatten() {
                let scopes = scopes
                    .as_list()
                    .unwrap_or_default()
                    .iter()
                    .filter_map(Node::as_str)
                    .map(str::to_owned);
                schemes.push((scheme.clone(), scopes.collect()));
            }
        }
        schemes
    }

    fn host(&self) -> Option<String> {
        self.node
            .get("servers")?
            .as_list()?
            .first()?
            .get("url")?
            .as_str()
            .map(str::to_owned)
    }

    /// What a reference leads to, and the last segment of the reference.
    fn resolve(&self, node: &'a Node, id: &str) -> Result<(&'a Node, Option<String>)> {
        let Some(reference) = node.get("$ref").and_then(Node::as_str) else {
            return Ok((node, None));
        };
        let found = reference.strip_prefix("#/").and_then(|path| {
            path.split('/')
                .try_fold(self.document, |node, segment| node.get(segment))
        });
        let name = reference.rsplit('/').next().map(str::to_owned);
        match found {
            Some(node) => Ok((node, name)),
            None => Err(Error::document(id, format!("{reference} does not exist"))),
        }
    }
}

fn content(node: &Node, place: &str) -> Result<IndexMap<String, Schema>> {
    let Some(content) = node.get("content").and_then(Node::as_map) else {
        return Ok(IndexMap::new());
    };
    content
        .iter()
        .map(|(media_type, node)| {
            let schema = node
                .get("schema")
                .map_or_else(|| Ok(Schema::default()), |schema| schema::parse(schema, place))?;
            Ok((media_type.clone(), schema))
        })
        .collect()
}
