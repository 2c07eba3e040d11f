//! The representation of the written areas as text, so that the review of a new document reads decisions, not code.

use super::file::{File, SNAPSHOT};
use crate::{
    ir::{Authorization, BodyKind, Definition, Field, Ir, Operation, Parameter, Response, Type, TypeRef},
    tables::Idempotency,
    words,
};

pub(super) fn emit(ir: &Ir, version: &str) -> Vec<File> {
    let head =
        format!("# What okta-codegen makes of Okta's management API {version}, in the areas that are written.\n");
    let operations: String = ir
        .operations
        .iter()
        .filter(|operation| {
            ir.groups
                .iter()
                .any(|group| group.name == operation.group && group.is_written)
        })
        .map(operation)
        .collect();
    let mut types: Vec<&Type> = ir.types.values().filter(|found| found.is_written).collect();
    types.sort_by(|a, b| (&a.area, &a.rust).cmp(&(&b.area, &b.rust)));
    let mut files = vec![
        File {
            path: format!("{SNAPSHOT}/operations.txt"),
            text: format!("{head}\n{operations}"),
        },
        File {
            path: format!("{SNAPSHOT}/free_form.txt"),
            text: format!("# Where the models hold any JSON, and why.\n\n{}", free_form(ir)),
        },
    ];
    files.extend(types.chunk_by(|one, next| one.area == next.area).filter_map(|area| {
        let name = words::snake(&area.first()?.area);
        let types: String = area.iter().map(|found| type_text(ir, found)).collect();
        Some(File {
            path: format!("{SNAPSHOT}/types/{name}.txt"),
            text: format!("{head}\n{types}"),
        })
    }));
    files
}

/// The positions that are any JSON, one a line: bodies and responses of operations, then members of types.
fn free_form(ir: &Ir) -> String {
    let mut lines: Vec<String> = Vec::new();
    for operation in &ir.operations {
        for (position, reason) in &operation.free_form {
            lines.push(format!("{} {position}: {reason}\n", operation.id));
        }
    }
    let mut members: Vec<String> = Vec::new();
    for found in ir.types.values().filter(|found| found.is_written) {
        if let Definition::Struct(fields) = &found.definition {
            members.extend(fields.iter().filter_map(|field| {
                let reason = field.free_form.as_ref()?;
                Some(format!("{}.{}: {}, {reason}\n", found.rust, field.wire, field.ty))
            }));
        }
    }
    members.sort();
    lines.append(&mut members);
    lines.concat()
}

/// The operation in one line, and one line a parameter.
fn operation(operation: &Operation) -> String {
    let mut out = format!(
        "{} = {}().{}(): {} {}",
        operation.id, operation.group, operation.name, operation.method, operation.path
    );
    for (is, text) in [
        (operation.deprecated, "deprecated"),
        (operation.idempotency == Idempotency::Idempotent, "idempotent"),
        (operation.idempotency == Idempotency::NotIdempotent, "not idempotent"),
        (operation.polls, "polls"),
        (operation.authorization == Authorization::OAuth, "OAuth only"),
        (operation.authorization == Authorization::ApiToken, "API token only"),
        (operation.authorization == Authorization::None, "no credentials"),
    ] {
        if is {
            out.push_str(&format!(", {text}"));
        }
    }
    if let Some(host) = &operation.host {
        out.push_str(&format!(", at {host}"));
    }
    out.push('\n');
    if !operation.scopes.is_empty() {
        out.push_str(&format!("  scopes {}\n", operation.scopes.join(" ")));
    }
    for (kind, parameters) in [
        ("path", &operation.path_parameters),
        ("query", &operation.query),
        ("header", &operation.headers),
    ] {
        parameters
            .iter()
            .for_each(|parameter| out.push_str(&parameter_line(kind, parameter)));
    }
    if let Some(body) = &operation.body {
        let kind = match &body.kind {
            BodyKind::Json(ty) => ty.to_string(),
            BodyKind::MergePatch(ty) => format!("{ty} as a merge patch"),
            BodyKind::Multipart { part } => format!("multipart with the part `{part}`"),
            BodyKind::Certificate => "certificate".to_owned(),
            BodyKind::Text { media_type } => format!("text as {media_type}"),
        };
        let optional = if body.required { "" } else { ", optional" };
        out.push_str(&format!("  body {}: {kind}{optional}\n", body.rust));
    }
    let response = match &operation.response {
        Response::Empty => "nothing".to_owned(),
        Response::Json(ty) => ty.to_string(),
        Response::Optional(ty) => format!("{ty} or nothing"),
        Response::Text { media_type } => format!("text as {media_type}"),
        Response::List { item, items_at } if items_at.is_empty() => format!("pages of {item}"),
        Response::List { item, items_at } => {
            let places: Vec<&str> = items_at
                .iter()
                .map(|path| if path.is_empty() { "the object itself" } else { path })
                .collect();
            format!("pages of {item} at {}", places.join(" or "))
        }
    };
    let also = operation.answers_as.as_ref();
    let also = also.map_or_else(String::new, |media_type| format!(", or text as {media_type}"));
    out.push_str(&format!("  returns {response}{also}\n"));
    out
}

fn parameter_line(kind: &str, parameter: &Parameter) -> String {
    let required = if parameter.required { ", required" } else { "" };
    let deprecated = if parameter.deprecated { ", deprecated" } else { "" };
    let expression = if parameter.is_expression { ", expression" } else { "" };
    let is_repeated = parameter.explode && matches!(parameter.ty, TypeRef::List(_));
    let repeated = if is_repeated { ", one member a value" } else { "" };
    format!(
        "  {kind} {}: {}{required}{expression}{repeated}{deprecated}\n",
        parameter.wire, parameter.ty
    )
}

fn type_text(ir: &Ir, found: &Type) -> String {
    let sent = if found.is_sent { ", sent" } else { "" };
    let name = if found.rust == found.name {
        String::new()
    } else {
        format!(" ({})", found.name)
    };
    let head = format!("{}::{}{name}", found.area, found.rust);
    match &found.definition {
        Definition::Struct(fields) => format!("{head}: struct{sent}\n{}", fields.iter().map(field).collect::<String>()),
        Definition::Enum(variants) => {
            let values: Vec<&str> = variants.iter().map(|variant| variant.wire.as_str()).collect();
            format!("{head}: enum{sent}\n  {}\n", values.join(" | "))
        }
        Definition::Union(union) => {
            let variants: String = union
                .variants
                .iter()
                .map(|variant| {
                    format!(
                        "  {} = {}: {}\n",
                        variant.rust,
                        variant.values.join(" | "),
                        ir.rust_name(&variant.ty)
                    )
                })
                .collect();
            format!(
                "{head}: union by {}{sent}\n{variants}  shared {}\n",
                union.tag,
                union.shared.join(" ")
            )
        }
    }
}

fn field(field: &Field) -> String {
    let mut out = format!("  {}: {}", field.wire, field.ty);
    for (is, text) in [
        (field.required, "required"),
        (field.read_only, "read-only"),
        (field.secret, "secret"),
        (field.deprecated, "deprecated"),
    ] {
        if is {
            out.push_str(&format!(", {text}"));
        }
    }
    if let Some(constant) = &field.constant {
        out.push_str(&format!(", always {constant}"));
    }
    out.push('\n');
    out
}
