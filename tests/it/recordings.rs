//! Recorded answers of the real API: each decodes, and comes back as it was.

use okta_client::{OktaClient, models::Any};
use okta_tests::{compare::differences, corpus::Exchange, responses, shared};

/// Hand-written bodies that are no answer of the operation they stand under; recorded traffic is never listed here.
const BROKEN_FIXTURES: &[(&str, &str)] = &[
    (
        "fix-d778c3cef72d",
        "a unit test of an argument check: there is no body where an object was asked for",
    ),
    (
        "spx-bbc9b97488fb",
        "an example of one event where the operation answers with a list",
    ),
];

fn client() -> OktaClient {
    let nobody = tower::service_fn(|_: http::Request<okta_client::Body>| async {
        Err::<http::Response<okta_client::Body>, _>(okta_client::BoxError::from("nothing is sent here"))
    });
    OktaClient::from_service("https://test.okta.com".parse().unwrap(), nobody)
}

#[test]
fn every_recorded_success_decodes_and_comes_back_without_loss() {
    let okta = client();
    let (mut exchanges, mut recorded, mut operations, mut problems) =
        (0, 0, std::collections::BTreeSet::new(), Vec::new());
    for name in ["corpus/shared.jsonl", "corpus/shared-logs.jsonl"] {
        let Some(path) = shared::file(name) else { return };
        for exchange in Exchange::read_all(&path).unwrap() {
            let Some(round_trip) = responses::of(exchange.operation_id()) else {
                continue;
            };
            if !exchange.has_response() || BROKEN_FIXTURES.iter().any(|(id, _)| *id == exchange.id()) {
                continue;
            }
            let Some(response) = exchange.response().filter(|response| response.status().is_success()) else {
                continue;
            };
            exchanges += 1;
            recorded += usize::from(exchange.kind() == "recorded");
            operations.insert(exchange.operation_id().to_owned());
            let mut found = match round_trip(&okta, response) {
                // An answer without a value ignores what comes all the same; only an empty object does come.
                Ok(Any::Null) => differences(
                    &Any::Object(Default::default()),
                    exchange.response_json().unwrap_or(&Any::Object(Default::default())),
                ),
                Ok(back) => differences(exchange.response_json().unwrap_or(&Any::Null), &back),
                Err(error) => vec![error.to_string()],
            };
            found
                .iter_mut()
                .for_each(|problem| *problem = format!("{} {}: {problem}", exchange.id(), exchange.operation_id()));
            problems.append(&mut found);
        }
    }
    println!(
        "{exchanges} exchanges ({recorded} recorded) of {} operations decoded and written back; {} problems",
        operations.len(),
        problems.len()
    );
    assert!(exchanges > 800, "only {exchanges} exchanges were found");
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}
