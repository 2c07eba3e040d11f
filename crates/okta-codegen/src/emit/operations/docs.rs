//! Documentation of handles, methods and setters, made of facts.

use super::page;
use crate::{
    emit::grammar,
    ir::{Authorization, Idempotency, Operation, Parameter, Response},
    tables::{HeaderList, Tables},
};

const REFERENCE: &str = "https://developer.okta.com/docs/api/openapi/okta-management/management/tag";

/// The handle of a group, below the line that says what the group is for.
pub(super) fn group(operations: &[&Operation]) -> Vec<String> {
    vec![format!(
        "Under {}; [the module's page](self) has a table of the operations.",
        page::base_paths(operations)
    )]
}

/// A method of the handle.
pub(super) fn method(operation: &Operation, tables: &Tables) -> Vec<String> {
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
    let mut doc = vec![title, format!("{}.", facts.join(" · "))];
    doc.extend(repetition(operation));
    if let Some(host) = &operation.host {
        doc.push(format!(
            "It stands on a host of its own: the client has to be built with `{host}` as its org URL."
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
        Idempotency::Idempotent => Some(format!("Sent again if the first outcome is unknown: {reason}.")),
        Idempotency::NotIdempotent => Some(format!("Not sent again if the first outcome is unknown: {reason}.")),
    }
}

/// A setter for a parameter.
pub(super) fn parameter(kind: &str, parameter: &Parameter) -> Vec<String> {
    let mut doc = vec![format!("Sets the {kind} `{}`.", parameter.wire)];
    let mut facts = Vec::new();
    if let Some(constant) = &parameter.constant {
        facts.push(format!("Okta's document knows the value `{constant}` only."));
    }
    if let Some(default) = &parameter.default {
        facts.push(format!(
            "Okta's default is `{}`; it is not sent.",
            default.trim_matches('"')
        ));
    }
    if parameter.deprecated {
        facts.push("Deprecated.".to_owned());
    }
    if !facts.is_empty() {
        doc.push(facts.join(" "));
    }
    doc
}

/// A setter for the list at the end of a header.
pub(super) fn header_list(parameter: &Parameter, list: &HeaderList) -> Vec<String> {
    let values: Vec<String> = list.values.iter().map(|value| format!("`{value}`")).collect();
    vec![
        format!(
            "Sets the header `{}` to `{}` and these values.",
            parameter.wire, list.prefix
        ),
        format!("Okta knows {}.", super::super::lines::some_of(&values, usize::MAX)),
    ]
}
