//! Documentation of handles, methods and setters, made of facts.

use super::base_paths::base_paths;
use crate::{
    emit::{
        grammar::{self, REFERENCE},
        lines,
    },
    ir::{Authorization, Definition, Group, Ir, Operation, Parameter, Response},
    tables::{HeaderList, Idempotency, Tables},
    words,
};

/// The handle of a group, below the line that says what the group is for.
pub(super) fn group(group: &Group, operations: &[&Operation]) -> Vec<String> {
    let links: Vec<String> = group
        .tags
        .iter()
        .filter(|tag| operations.iter().any(|operation| operation.tag == **tag))
        .map(|tag| format!("[{tag}]({REFERENCE}/{tag}/)"))
        .collect();
    vec![
        format!(
            "Under {}; [the module's page](self) has a table of the operations.",
            base_paths(operations)
        ),
        format!("Okta's reference: {}.", lines::some_of(&links, usize::MAX)),
    ]
}

/// A method of the handle.
pub(super) fn method(ir: &Ir, operation: &Operation, tables: &Tables) -> Vec<String> {
    let title = tables
        .names
        .titles
        .get(&operation.id)
        .cloned()
        .unwrap_or_else(|| grammar::title(&operation.id));
    let mut facts = vec![format!("`{} {}`", operation.method, operation.path)];
    let scopes: Vec<String> = operation.scopes.iter().map(|scope| format!("`{scope}`")).collect();
    match scopes.len() {
        0 => {}
        1 => facts.push(format!("scope {}", scopes.join(""))),
        _ => facts.push(format!("scopes {}", scopes.join(", "))),
    }
    facts.push(
        match operation.authorization {
            Authorization::ApiTokenOrOAuth => "API token or OAuth 2.0",
            Authorization::ApiToken => "API token only",
            Authorization::OAuth => "OAuth 2.0 only",
            Authorization::None => "no credentials",
        }
        .to_owned(),
    );
    if matches!(operation.response, Response::List { .. }) {
        facts.push("paged".to_owned());
    }
    if let Some(lifecycle) = &operation.lifecycle {
        facts.extend(grammar::lifecycle(lifecycle));
    }
    if operation.deprecated {
        facts.push("deprecated".to_owned());
    }
    let mut doc = vec![title];
    doc.extend(operation.text.clone());
    doc.push(format!("{}.", facts.join(" · ")));
    doc.extend(arguments(ir, operation));
    doc.extend(repetition(operation));
    if let Some(host) = &operation.host {
        doc.push(format!(
            "This operation has a separate host: build the client with `{host}` as its org URL."
        ));
    }
    doc.push(format!(
        "[Okta reference]({REFERENCE}/{0}/#tag/{0}/operation/{1})",
        operation.tag, operation.id
    ));
    doc
}

/// Whether the client sends the operation again when the outcome of the first request is unknown.
fn repetition(operation: &Operation) -> Option<String> {
    let reason = &operation.idempotency_reason;
    match operation.idempotency {
        Idempotency::Safe => None,
        Idempotency::Idempotent => Some(format!(
            "Retried if the outcome of an attempt is unknown, because {reason}."
        )),
        Idempotency::NotIdempotent => Some(format!(
            "Not retried if the outcome of an attempt is unknown, because {reason}."
        )),
    }
}

/// The arguments that come from the path, the query and the headers, as a list.
fn arguments(ir: &Ir, operation: &Operation) -> Vec<String> {
    let required = operation.parameters().filter(|parameter| parameter.required);
    required
        .filter_map(|parameter| {
            let about = about(ir, parameter);
            let name = parameter.rust.trim_start_matches("r#");
            (!about.is_empty()).then(|| format!("{}`{name}`: {about}", lines::BULLET))
        })
        .collect()
}

/// A setter for a parameter.
pub(super) fn parameter(ir: &Ir, kind: &str, parameter: &Parameter) -> Vec<String> {
    vec![format!("Sets the {kind} `{}`.", parameter.wire), about(ir, parameter)]
}

/// How an expression is given.
const EXPRESSION: &str = "[`attr`](models::expression::attr) builds the expression and escapes its values; text is sent \
                          verbatim.";

/// What a parameter means, and what is allowed of it.
fn about(ir: &Ir, parameter: &Parameter) -> String {
    const MOST_VALUES: usize = 8;
    let mut sentences: Vec<String> = parameter.text.iter().cloned().collect();
    if parameter.is_expression {
        sentences.push(EXPRESSION.to_owned());
    }
    let definition = parameter.ty.name().and_then(|name| ir.types.get(name));
    let values: Vec<String> = match definition.map(|found| &found.definition) {
        Some(Definition::Enum(variants)) => variants.iter().map(|variant| format!("`{}`", variant.wire)).collect(),
        _ => parameter.constant.iter().map(|value| format!("`{value}`")).collect(),
    };
    if let 1..=MOST_VALUES = values.len() {
        sentences.push(format!("Documented values: {}.", lines::some_of(&values, usize::MAX)));
    }
    let mut facts = parameter.limits.phrases(parameter.ty.is_number());
    let default = parameter.default.as_deref().map(|default| default.trim_matches('"'));
    if let Some(default) = default.filter(|default| !default.is_empty()) {
        facts.push(format!("Okta's default is `{default}`"));
    }
    facts.extend(parameter.lifecycle.iter().flat_map(grammar::lifecycle));
    if parameter.deprecated {
        facts.push("deprecated".to_owned());
    }
    if !facts.is_empty() {
        sentences.push(format!("{}.", words::capitalised(&facts.join("; "))));
    }
    sentences.join(" ")
}

/// A setter for the list at the end of a header.
pub(super) fn header_list(parameter: &Parameter, list: &HeaderList) -> Vec<String> {
    let values: Vec<String> = list.values.iter().map(|value| format!("`{value}`")).collect();
    let mut doc = vec![
        format!(
            "Sets the header `{}` to `{}` and these values.",
            parameter.wire, list.prefix
        ),
        format!("Okta knows {}.", lines::some_of(&values, usize::MAX)),
    ];
    doc.extend(parameter.text.clone());
    doc
}
