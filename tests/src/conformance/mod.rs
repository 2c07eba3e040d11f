//! Whether recorded exchanges with the API go through the client unharmed: responses, errors and requests.

mod category;
mod errors;
mod report;
mod requests;
mod responses;

use okta_client::{Body, BoxError, OktaClient};

pub use category::Category;
pub use report::{Check, Failure, Report};

use crate::corpus::Exchange;

/// Runs all checks over exchanges.
#[must_use]
pub fn run(exchanges: &[Exchange]) -> Report {
    let okta = client();
    let mut report = Report::default();
    for exchange in exchanges {
        report.exchanges += 1;
        requests::check(&okta, exchange, &mut report);
        responses::check(&okta, exchange, &mut report);
        errors::check(&okta, exchange, &mut report);
    }
    report
}

/// A client of the org the recordings were made to look like; nothing is sent.
fn client() -> OktaClient {
    let unused = tower::service_fn(|_: http::Request<Body>| async {
        Err::<http::Response<Body>, _>(BoxError::from("nothing is sent here"))
    });
    let org_url = okta_client::OrgUrl::parse("https://test.okta.com");
    #[allow(clippy::expect_used, reason = "a constant of this file")]
    OktaClient::from_service(org_url.expect("the address is valid"), unused)
}
