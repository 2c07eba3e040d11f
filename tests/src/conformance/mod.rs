//! Whether recorded exchanges with the API go through the client unharmed: answers, errors and requests.

mod category;
mod errors;
mod report;
mod requests;
mod responses;

use okta_client::{Body, BoxError, OktaClient};

pub use category::Category;
pub use report::{Check, Failure, Report};

use crate::corpus::Exchange;

/// A hand-written exchange that is no answer of the operation it stands under; recorded traffic is never listed.
const BROKEN_FIXTURES: &[(&str, &str)] = &[
    (
        "fix-d778c3cef72d",
        "a unit test of an argument check: no body where an object was asked for",
    ),
    ("spx-bbc9b97488fb", "one object as an example of a list"),
    ("fix-8e7b216ce856", "one object as an example of a list"),
    ("fix-49cdb0be75b6", "one object as an example of a list"),
    ("fix-fc3f4859032b", "one object as an example of a list"),
    ("fix-e2f6232f8b86", "one object as an example of a list"),
    ("spx-09f0b67cc818", "one object as an example of a list"),
    ("fix-eccb9752c350", "one object as an example of a list"),
    ("spx-4d3c4d1cf039", "one object as an example of a list"),
    ("spx-2f7fda3e94ac", "a list as an example of one object"),
    ("spx-292c7dfccae5", "a list as an example of one object"),
    ("spx-4588074b5623", "a list as an example of one object"),
    ("spx-a5f4634d6ead", "a list as an example of one object"),
    ("spx-889b72c345fb", "a list as an example of one object"),
];

/// Runs all checks over exchanges.
#[must_use]
pub fn run(exchanges: &[Exchange]) -> Report {
    let okta = client();
    let mut report = Report::default();
    for exchange in exchanges {
        report.exchanges += 1;
        if let Some((_, reason)) = BROKEN_FIXTURES.iter().find(|(id, _)| *id == exchange.id())
            && exchange.kind() != "recorded"
        {
            report.note(format!("known broken fixture: {reason}"));
            continue;
        }
        requests::check(&okta, exchange, &mut report);
        responses::check(&okta, exchange, &mut report);
        errors::check(&okta, exchange, &mut report);
    }
    report
}

/// A client of the org the recordings were made to look like; nothing is sent.
fn client() -> OktaClient {
    let nobody = tower::service_fn(|_: http::Request<Body>| async {
        Err::<http::Response<Body>, _>(BoxError::from("nothing is sent here"))
    });
    let org_url = okta_client::OrgUrl::parse("https://test.okta.com");
    #[allow(clippy::expect_used, reason = "a constant of this file")]
    OktaClient::from_service(org_url.expect("the address is valid"), nobody)
}
