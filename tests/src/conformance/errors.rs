//! Bodies of errors: code, summary, id and causes come out of the error type as they went in.

use okta_client::{OktaClient, api::users::GetUser};
use serde_json::Value;

use super::report::Report;
use crate::corpus::Exchange;

pub(super) fn check(okta: &OktaClient, exchange: &Exchange, report: &mut Report) {
    let Some(response) = exchange.response() else { return };
    if response.status().is_success() {
        return;
    }
    if !(response.status().is_client_error() || response.status().is_server_error()) {
        return report.note("error: a status that is neither an error nor a success");
    }
    report.operations.insert(exchange.operation_id().to_owned());
    let status = response.status();
    // Errors are read in the same way for every operation, known or unknown.
    let problems = match okta.decode::<GetUser>(response) {
        Ok(_) => vec![format!("status {status} was taken for a success")],
        Err(error) => {
            let body = exchange.response_json().unwrap_or(&Value::Null);
            let mut problems = Vec::new();
            let mut same = |what: &str, came: Option<String>, found: Option<&str>| {
                if came.as_deref() != found {
                    problems.push(format!("{what} was {came:?} and is {found:?}"));
                }
            };
            same("the code", text(body, &["errorCode", "error"]), error.code());
            same(
                "the summary",
                text(body, &["errorSummary", "error_description", "message"]),
                error.summary(),
            );
            let api_error = error.api_error();
            same(
                "the id",
                text(body, &["errorId"]),
                api_error.and_then(|error| error.id.as_deref()),
            );
            let causes = match &body["errorCauses"] {
                Value::Array(causes) => causes.clone(),
                cause @ (Value::Object(_) | Value::String(_)) => vec![cause.clone()],
                _ => Vec::new(),
            };
            if causes.len() != error.causes().len() {
                problems.push(format!(
                    "there were {} causes and are {}",
                    causes.len(),
                    error.causes().len()
                ));
            }
            for (came, found) in causes.iter().zip(error.causes()) {
                let summary = if came.is_object() {
                    text(came, &["errorSummary", "message"])
                } else {
                    Some(shown(came))
                };
                if summary != found.summary {
                    problems.push(format!("a cause was {summary:?} and is {:?}", found.summary));
                }
            }
            problems
        }
    };
    report.outcome(exchange, "errors", problems);
}

/// The first of these members that is there.
fn text(body: &Value, names: &[&str]) -> Option<String> {
    names
        .iter()
        .map(|name| &body[*name])
        .find(|value| !value.is_null())
        .map(shown)
}

fn shown(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
