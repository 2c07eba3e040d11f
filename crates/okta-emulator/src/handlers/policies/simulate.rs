//! What policies would decide: every active policy of a type, in order, with its first rule.

use http::Method;
use serde_json::{Value, json};

use crate::{
    handlers::policies::POLICIES,
    org::Org,
    protocol::{
        call::Call,
        error::ApiError,
        json::{Object, text},
        reply::{Outcome, Reply},
    },
    routing::{bucket::OTHER, route::Route},
};

pub(crate) static ROUTES: &[Route<Org>] = &[Route::new(
    "createPolicySimulation",
    Method::POST,
    "/api/v1/policies/simulate",
    &OTHER,
    simulate,
)];

fn simulate(org: &mut Org, call: &Call<'_>) -> Outcome {
    let requests: Vec<Object> = serde_json::from_slice(call.body).map_err(|_| ApiError::malformed_body())?;
    let evaluation = requests.iter().flat_map(|request| {
        let types = request
            .get("policyTypes")
            .and_then(Value::as_array)
            .into_iter()
            .flatten();
        types.filter_map(Value::as_str).map(|kind| evaluate(org, kind))
    });
    Ok(Reply::ok(evaluation.collect()))
}

fn evaluate(org: &Org, kind: &str) -> Value {
    let active = |object: &&Object| text(object, "status") == Some("ACTIVE");
    let priority = |object: &&Object| object.get("priority").and_then(Value::as_i64).unwrap_or(i64::MAX);
    let in_order = |path: &str| {
        let collection = org.resources.collections.get(path).into_iter();
        let mut objects: Vec<&Object> = collection
            .flat_map(|collection| collection.values())
            .filter(active)
            .collect();
        objects.sort_by_key(priority);
        objects
    };
    let about =
        |object: &Object, status: &str| json!({ "id": object.get("id"), "name": object.get("name"), "status": status });
    let policies = in_order(POLICIES)
        .into_iter()
        .filter(|policy| text(policy, "type") == Some(kind));
    let shown: Vec<Value> = policies
        .map(|policy| {
            let id = text(policy, "id").unwrap_or_default();
            let rules = in_order(&format!("{POLICIES}/{id}/rules"));
            let mut shown = about(policy, "MATCH");
            shown["conditions"] = json!([]);
            shown["rules"] = rules.into_iter().take(1).map(|rule| about(rule, "MATCH")).collect();
            shown
        })
        .collect();
    let result = json!({ "policies": shown.iter().take(1).collect::<Vec<_>>() });
    json!({
        "status": if shown.is_empty() { "UNDEFINED" } else { "MATCH" },
        "policyType": [kind],
        "result": result,
        "evaluated": { "policies": shown },
        "undefined": { "policies": [] },
    })
}
