//! What `okta_doctor` prints: the settings that cannot be used, or the report of a preflight. The end-to-end tests use it
//! too.

use okta_client::{OktaClientBuilder, operations};

/// A text without secrets, and whether it names no problem.
pub(crate) async fn examine(builder: OktaClientBuilder, operation_ids: &[&str]) -> (String, bool) {
    let okta = match builder.build() {
        Ok(okta) => okta,
        Err(error) => return (format!("PROBLEM settings    {error}"), false),
    };
    let mut wanted = Vec::new();
    for id in operation_ids {
        match operations().by_id(id) {
            Some(operation) => wanted.push(operation),
            None => return (format!("PROBLEM arguments   there is no operation `{id}`"), false),
        }
    }
    let report = okta.preflight(&wanted).await;
    (report.to_string(), report.problems().next().is_none())
}
