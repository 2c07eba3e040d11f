//! Reading one schema of the document. A keyword that is not known is an error: a new version of the document has to be
//! understood, not skipped.

use indexmap::IndexMap;

use super::{Alternatives, Discriminator, Lifecycle, Notes, Object, Others, Scalar, Schema, Shape, limits::Limits};
use crate::{
    document::Node,
    error::{Error, Result},
};

/// Keywords that change nothing: prose, and limits that no documentation needs.
const IGNORED: &[&str] = &[
    "description",
    "example",
    "examples",
    "externalDocs",
    "maxProperties",
    "minProperties",
    "multipleOf",
    "nullable",
    "title",
    "uniqueItems",
    "xml",
];
const KNOWN: &[&str] = &[
    "$ref",
    "additionalProperties",
    "allOf",
    "anyOf",
    "default",
    "deprecated",
    "discriminator",
    "enum",
    "format",
    "items",
    "maxItems",
    "maxLength",
    "maximum",
    "minItems",
    "minLength",
    "minimum",
    "oneOf",
    "pattern",
    "properties",
    "readOnly",
    "required",
    "type",
    "writeOnly",
];
const COMPONENTS: &str = "#/components/schemas/";

/// Reads the schema at `place`.
pub(crate) fn parse(node: &Node, place: &str) -> Result<Schema> {
    let members = node
        .as_map()
        .ok_or_else(|| Error::document(place, format!("expected a schema, found {node}")))?;
    if let Some(keyword) = members
        .keys()
        .find(|name| !name.starts_with("x-") && !KNOWN.contains(&name.as_str()) && !IGNORED.contains(&name.as_str()))
    {
        return Err(Error::document(
            place,
            format!("the keyword `{keyword}` is not known to the generator"),
        ));
    }
    Ok(Schema {
        shape: shape(node, place)?,
        notes: notes(node),
    })
}

fn shape(node: &Node, place: &str) -> Result<Shape> {
    if let Some(reference) = node.get("$ref") {
        return component(reference, place).map(Shape::Reference);
    }
    if let Some(parts) = node.get("allOf") {
        return all_of(node, parts, place);
    }
    if let Some(members) = node.get("oneOf").or_else(|| node.get("anyOf")) {
        let members = list(members, place)?
            .iter()
            .map(|member| parse(member, place))
            .collect::<Result<_>>()?;
        return Ok(Shape::OneOf(Alternatives {
            members,
            discriminator: discriminator(node, place)?,
        }));
    }
    if let Some(values) = node.get("enum") {
        return enumeration(values, place);
    }
    match node.get("type").and_then(Node::as_str) {
        Some("string") => Ok(Shape::Scalar(Scalar::String)),
        Some("boolean") => Ok(Shape::Scalar(Scalar::Boolean)),
        Some("integer") => Ok(Shape::Scalar(Scalar::Integer)),
        Some("number") => Ok(Shape::Scalar(Scalar::Number)),
        Some("array") => {
            let item = node
                .get("items")
                .map(|item| parse(item, &format!("{place}[]")))
                .transpose()?;
            Ok(Shape::List(item.map(Box::new)))
        }
        Some("object") => Ok(Shape::Object(object(node, place)?)),
        Some(other) => Err(Error::document(
            place,
            format!("the type `{other}` is not known to the generator"),
        )),
        None => {
            let is_object = ["properties", "additionalProperties", "required", "discriminator"];
            if let Some(item) = node.get("items") {
                let item = parse(item, &format!("{place}[]"))?;
                Ok(Shape::List(Some(Box::new(item))))
            } else if is_object.iter().any(|keyword| node.get(keyword).is_some()) {
                object(node, place).map(Shape::Object)
            } else {
                Ok(Shape::Anything)
            }
        }
    }
}

/// `allOf`, with the members next to it as its last part.
fn all_of(node: &Node, parts: &Node, place: &str) -> Result<Shape> {
    let mut parts: Vec<Schema> = list(parts, place)?
        .iter()
        .map(|part| parse(part, place))
        .collect::<Result<_>>()?;
    let beside = object(node, place)?;
    if beside != Object::default() {
        parts.push(Schema::of(Shape::Object(beside)));
    }
    Ok(Shape::AllOf(parts))
}

fn object(node: &Node, place: &str) -> Result<Object> {
    let mut members = IndexMap::new();
    if let Some(properties) = node.get("properties") {
        let properties = properties
            .as_map()
            .ok_or_else(|| Error::document(place, "`properties` holds no members"))?;
        for (name, member) in properties {
            let member = parse(member, &format!("{place}.{name}"))?;
            if !member.notes.lifecycle.as_ref().is_some_and(Lifecycle::is_over) {
                members.insert(name.clone(), member);
            }
        }
    }
    let others = match node.get("additionalProperties") {
        None => Others::Unsaid,
        Some(Node::Bool(true)) => Others::Free,
        Some(Node::Bool(false)) => Others::Forbidden,
        Some(value) => match parse(value, &format!("{place}{{}}"))? {
            Schema {
                shape: Shape::Anything, ..
            } => Others::Free,
            value => Others::Of(Box::new(value)),
        },
    };
    Ok(Object {
        members,
        required: texts(node.get("required"), place)?,
        others,
        discriminator: discriminator(node, place)?,
    })
}

fn enumeration(values: &Node, place: &str) -> Result<Shape> {
    let mut texts = Vec::new();
    for value in list(values, place)? {
        match value {
            Node::Text(text) if texts.contains(text) => {}
            Node::Text(text) => texts.push(text.clone()),
            Node::Bool(_) => return Ok(Shape::Scalar(Scalar::Boolean)),
            other => {
                return Err(Error::document(
                    place,
                    format!("{other} is not a value that the generator accepts in an enum"),
                ));
            }
        }
    }
    Ok(Shape::Enumeration(texts))
}

fn discriminator(node: &Node, place: &str) -> Result<Option<Discriminator>> {
    let Some(node) = node.get("discriminator") else {
        return Ok(None);
    };
    let member = node.get("propertyName").and_then(Node::as_str);
    let mapping = node.get("mapping").and_then(Node::as_map);
    let (Some(member), Some(mapping)) = (member, mapping) else {
        return Err(Error::document(
            place,
            "a discriminator needs `propertyName` and `mapping`",
        ));
    };
    let mapping = mapping
        .iter()
        .map(|(value, target)| Ok((value.clone(), component(target, place)?)))
        .collect::<Result<_>>()?;
    Ok(Some(Discriminator {
        member: member.to_owned(),
        mapping,
    }))
}

fn notes(node: &Node) -> Notes {
    let is = |name: &str| node.get(name).and_then(Node::as_bool) == Some(true);
    Notes {
        read_only: is("readOnly"),
        write_only: is("writeOnly"),
        deprecated: is("deprecated"),
        null_values: is("x-okta-allow-null-property-value-for-updates"),
        format: node.get("format").and_then(Node::as_str).map(str::to_owned),
        constant: None,
        default: node.get("default").map(ToString::to_string),
        lifecycle: lifecycle(node),
        limits: Limits::parse(node),
        // No keyword of the document: our own patches say it.
        free_form: node.get("x-free-form").and_then(Node::as_str).map(str::to_owned),
    }
}

/// `x-okta-lifecycle` of a schema or an operation.
pub(crate) fn lifecycle(node: &Node) -> Option<Lifecycle> {
    let node = node.get("x-okta-lifecycle")?;
    let products = node.get("SKUs").and_then(Node::as_list).unwrap_or_default();
    Some(Lifecycle {
        stage: node.get("lifecycle").and_then(Node::as_str).unwrap_or("GA").to_owned(),
        products: products.iter().filter_map(Node::as_str).map(str::to_owned).collect(),
    })
}

fn component(reference: &Node, place: &str) -> Result<String> {
    reference
        .as_str()
        .and_then(|reference| reference.strip_prefix(COMPONENTS))
        .map(str::to_owned)
        .ok_or_else(|| Error::document(place, format!("{reference} refers to no component schema")))
}

fn list<'a>(node: &'a Node, place: &str) -> Result<&'a [Node]> {
    node.as_list()
        .ok_or_else(|| Error::document(place, format!("expected a list, found {node}")))
}

fn texts(node: Option<&Node>, place: &str) -> Result<Vec<String>> {
    let Some(node) = node else { return Ok(Vec::new()) };
    list(node, place)?
        .iter()
        .map(|text| match text.as_str() {
            Some(text) => Ok(text.to_owned()),
            None => Err(Error::document(place, format!("expected text, found {text}"))),
        })
        .collect()
}
