//! Helpers for the unit tests: small documents, schemas as short text, and the real document if it is present.

use std::path::PathBuf;

use crate::{
    document::Node,
    operation::{self, RawOperation},
    schema::{self, Origin, Others, Registry, Scalar, Schema, Shape},
    tables::{AreaName, Areas, Idempotency, IdempotencyTable, Rule, Tables},
};

/// Parses YAML.
pub(crate) fn node(yaml: &str) -> Node {
    crate::document::parse(yaml.as_bytes()).unwrap()
}

/// The schemas and the operations of a small document.
pub(crate) fn parse(yaml: &str) -> (Registry, Vec<RawOperation>) {
    let mut document = node(yaml);
    if let Node::Map(members) = &mut document {
        members.entry("paths".to_owned()).or_insert_with(|| node("{}"));
    }
    let mut registry = Registry::default();
    for (name, node) in document
        .get("components")
        .unwrap()
        .get("schemas")
        .unwrap()
        .as_map()
        .unwrap()
    {
        registry.insert(name.clone(), schema::parse(node, name).unwrap(), Origin::Component);
    }
    (registry, operation::parse(&document).unwrap())
}

/// A table that says of every operation of a small document what its method suggests.
pub(crate) fn idempotency(raw: &[RawOperation]) -> IdempotencyTable {
    let rules = raw.iter().map(|operation| Rule {
        idempotency: match operation.method.as_str() {
            "GET" => Idempotency::Safe,
            "PUT" | "DELETE" => Idempotency::Idempotent,
            _ => Idempotency::NotIdempotent,
        },
        reason: "this is a test".to_owned(),
        operations: vec![operation.id.clone()],
    });
    IdempotencyTable { rules: rules.collect() }
}

/// A table with one area.
pub(crate) fn areas(name: &str) -> Areas {
    let area = AreaName {
        name: name.to_owned(),
        about: format!("All about {name}."),
        ..AreaName::default()
    };
    Areas { areas: vec![area] }
}

/// A named schema as short text.
pub(crate) fn shape(registry: &Registry, name: &str) -> String {
    text(registry.find(name).unwrap())
}

/// A schema as short text: `{id!: String [read-only], list: [Other]}`.
pub(crate) fn text(schema: &Schema) -> String {
    match &schema.shape {
        Shape::Anything => "Anything".to_owned(),
        Shape::Reference(name) => name.clone(),
        Shape::Links => "Links".to_owned(),
        Shape::Scalar(Scalar::String) => "String".to_owned(),
        Shape::Scalar(scalar) => format!("{scalar:?}"),
        Shape::Enumeration(values) => format!("({})", values.join("|")),
        Shape::List(item) => format!("[{}]", item.as_deref().map(text).unwrap_or_default()),
        Shape::OneOrMany(item) => format!("OneOrMany<{}>", text(item)),
        Shape::AllOf(parts) => parts.iter().map(text).collect::<Vec<_>>().join(" & "),
        Shape::OneOf(alternatives) => alternatives.members.iter().map(text).collect::<Vec<_>>().join(" | "),
        Shape::Object(object) => {
            let mut members: Vec<String> = object
                .members
                .iter()
                .map(|(name, member)| {
                    let required = if object.required.contains(name) { "!" } else { "" };
                    let read_only = if member.notes.read_only { " [read-only]" } else { "" };
                    format!("{name}{required}: {}{read_only}", text(member))
                })
                .collect();
            match &object.others {
                Others::Unsaid => {}
                Others::Forbidden => members.push("no others".to_owned()),
                Others::Free => members.push("..".to_owned()),
                Others::Of(value) => members.push(format!("..{}", text(value))),
            }
            if let Some(discriminator) = &object.discriminator {
                members.push(format!("by {}", discriminator.member));
            }
            format!("{{{}}}", members.join(", "))
        }
    }
}

/// Where the shared folder is, which holds Okta's document and the analysis of it, or nothing if it is missing.
///
/// It is next to the repository on development machines and in CI. Elsewhere a test that needs it reports that it is skipped; `OKTA_SHARED_REQUIRED=1` makes the absence a failure, so that CI cannot skip it unnoticed.
#[expect(
    clippy::disallowed_methods,
    reason = "the switch is for tests only, and no setting of the SDK"
)]
pub(crate) fn shared() -> Option<PathBuf> {
    let path = crate::workspace_root().join("../shared");
    if path.is_dir() {
        return Some(path);
    }
    assert!(
        std::env::var_os("OKTA_SHARED_REQUIRED").is_none_or(|value| value != "1"),
        "OKTA_SHARED_REQUIRED=1, but {} is missing",
        path.display()
    );
    eprintln!("SKIPPED: {} is missing, and with it Okta's document", path.display());
    None
}

/// The intermediate representation of the real document, if it is present.
pub(crate) fn real_ir() -> Option<crate::ir::Ir> {
    shared()?;
    let tables = Tables::load().unwrap();
    let document = crate::shared_document(&crate::workspace_root(), &tables);
    Some(crate::passes::run(&crate::corrected(&document, &tables).unwrap(), &tables).unwrap())
}
