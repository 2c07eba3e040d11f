//! Bodies of errors: code, summary, id and causes come out of the error type as they went in.

use okta_client::{OktaClient, api::users::GetUser};
use serde_json::Value;

use super::report::Report;
use crate::corpus::Exchange;

pub(super) fn check(okta: &OktaClient, exchange: &Exchange, report: &mut Report) {
    let Some(response) = exchange.response() else { return };
    if !(response.status().is_client_error() || response.status().is_server_error()) {
        return;
    }
    if exchange.response_json().is_none() && exchange.response_text().is_none() {
        return report.note("error: no body");
    }
    report.operations.insert(exchange.operation_id().to_owned());
    let status = response.status();
    // Errors are read the same way whatever the operation; those of unknown ones are read too.
    let problems = match okta.decode::<GetUser>(response) {
        Ok(_) => vec![format!("status {status} was taken for a success")],
        Err(error) => {
            let body = exchange.response_json().unwrap_or(&Value::Null);
            let mut problems = Vec::new();
            let mut same = |what: &str, came: Option<&str>, found: Option<&str>| {
                if came != found {
                    problems.push(format!("{what} was {came:?} and is {found:?}"));
                }
            };
            same("the code", text(body, &["errorCode", "error"]), error.code());
            same(
                "the summary",
                text(body, &["errorSummary", "error_description", "message"]),
                error.summary(),
            );
            same(
                "the id",
                text(body, &["errorId"]),
                error.api_error().and_then(|error| error.id.as_deref()),
            );
            let causes = body["errorCauses"].as_array().map_or(&[][..], Vec::as_slice);
            if causes.len() != error.causes().len() && !body["errorCauses"].is_object() {
                problems.push(format!(
                    "there were {} causes and are {}",
                    causes.len(),
                    error.causes().len()
                ));
            }
            for (came, found) in causes.iter().zip(error.causes()) {
                let summary = came.as_str().or(text(came, &["errorSummary", "message"]));
                if summary != found.summary.as_deref() {
                    problems.push(format!("a cause was {summary:?} and is {:?}", found.summary));
                }
            }
            problems
        }
    };
    report.outcome(exchange, "errors", problems);
}

fn text<'a>(body: &'a Value, names: &[&str]) -> Option<&'a str> {
    names.iter().find_map(|name| body[*name].as_str())
}
