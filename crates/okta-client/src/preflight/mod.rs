//! The preflight: what would keep a program from working, found before it starts.
//!
//! [`OktaClient::preflight`] asks; a [`PreflightReport`] says what was found, one [`Finding`] or more a [`Check`]. The
//! [guide](crate::guide::preflight) lists the problems.

mod access;
mod credentials;
mod org;
mod probe;
mod problem;
mod report;

use okta_transport::Operation;

pub use org::Engine;
pub use problem::Problem;
pub use report::{Check, Finding, Outcome, PreflightReport};

use self::{credentials::Standing, report::Report};
use crate::client::OktaClient;

impl OktaClient {
    /// Finds out what would keep these operations from working: the address of the org, network, proxy and TLS, clocks,
    /// credentials, scopes, the administrator role, and how much of the rate limit is left.
    ///
    /// It only reads: one request without credentials, one for an access token if the client has none, and up to seven reads of
    /// at most one record each. None is retried or read from the cache, and each takes 15 seconds at most. What cannot be found out
    /// is reported as unknown, with the reason. There is no error: a failed request is a finding.
    ///
    /// The table of operations ([`operations`](crate::operations)) has what `operations` takes. An empty list leaves out the
    /// checks of single operations.
    ///
    /// ```no_run
    /// # async fn doc(okta: okta_client::OktaClient) -> Result<(), Box<dyn std::error::Error>> {
    /// let known = okta_client::operations();
    /// let wanted: Vec<_> = ["listUsers", "addGroup"].into_iter().filter_map(|id| known.by_id(id)).collect();
    /// let report = okta.preflight(&wanted).await;
    /// if report.problems().next().is_some() {
    ///     return Err(report.to_string().into());
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Cancel safety
    /// Dropping the future ends the preflight. Nothing in the org has changed.
    pub async fn preflight(&self, operations: &[&'static Operation]) -> PreflightReport {
        let mut report = Report::new(self.org_url());
        let Some(org) = org::check(self, operations, &mut report).await else {
            report.skip_the_rest("the org was not reached");
            return report.finish();
        };
        let Some(standing) = Standing::find(self, &org, operations, &mut report).await else {
            report.skip_the_rest("there are no valid credentials");
            return report.finish();
        };
        access::check(self, &standing, operations, &mut report).await;
        report.finish()
    }
}
