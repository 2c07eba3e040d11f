//! The report of a preflight.

use std::fmt;

use okta_auth::ScopeSet;
use okta_config::OrgUrl;

use super::{org::Engine, problem::Problem};

/// What a preflight looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Check {
    /// The way to the org: name lookup, proxy, TCP, TLS.
    Connection,
    /// Whether the address is that of an active org.
    Org,
    /// The engine of the org, and whether it has the operations.
    Engine,
    /// The difference between the clocks of this machine and of Okta.
    Clock,
    /// Whether Okta accepts the credentials.
    Credentials,
    /// The OAuth 2.0 scopes that the operations need, and the kind of credentials that they take.
    Scopes,
    /// Whether the caller has an administrator role.
    AdminRole,
    /// Whether reads among the operations are allowed.
    Access,
    /// How much of the rate limits is left, and the caller's share of them.
    RateLimit,
}

impl Check {
    const ALL: [Self; 9] = [
        Self::Connection,
        Self::Org,
        Self::Engine,
        Self::Clock,
        Self::Credentials,
        Self::Scopes,
        Self::AdminRole,
        Self::Access,
        Self::RateLimit,
    ];

    /// The name in a report, `admin role` for example.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Connection => "connection",
            Self::Org => "org",
            Self::Engine => "engine",
            Self::Clock => "clock",
            Self::Credentials => "credentials",
            Self::Scopes => "scopes",
            Self::AdminRole => "admin role",
            Self::Access => "access",
            Self::RateLimit => "rate limit",
        }
    }
}

impl fmt::Display for Check {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// The result of a check.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Outcome {
    /// Nothing is wrong; the text says what was found.
    Pass(String),
    /// Something is wrong. Its text says what to do.
    Problem(Problem),
    /// It cannot be found out; the text says why.
    Unknown(String),
}

/// One line of a report.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Finding {
    /// What was looked at.
    pub check: Check,
    /// What was found.
    pub outcome: Outcome,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (verdict, text): (_, &dyn fmt::Display) = match &self.outcome {
            Outcome::Pass(text) => ("pass", text),
            Outcome::Problem(problem) => ("PROBLEM", problem),
            Outcome::Unknown(text) => ("unknown", text),
        };
        write!(f, "{verdict:<8}{:<12}{text}", self.check)
    }
}

/// What a preflight found; [`OktaClient::preflight`](crate::OktaClient::preflight) makes it.
///
/// `{}` is one line for the org and one for each finding, without secrets.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct PreflightReport {
    /// The org that was asked.
    pub org_url: OrgUrl,
    /// The findings, in the order of the checks. Each check has one or more.
    pub findings: Vec<Finding>,
    /// The engine of the org, if it was reached.
    pub engine: Option<Engine>,
    /// How many seconds this machine's clock is ahead of Okta's; negative if it is behind. Differences that the time of
    /// the request explains are 0.
    pub clock_ahead: Option<i64>,
    /// The OAuth 2.0 scopes of the access token, if they are known.
    pub granted_scopes: Option<ScopeSet>,
    /// The caller's share of the rate limits in percent, if it could be read.
    pub share_percent: Option<u32>,
}

impl PreflightReport {
    /// What is wrong, in the order of the checks.
    pub fn problems(&self) -> impl Iterator<Item = &Problem> {
        self.findings.iter().filter_map(|finding| match &finding.outcome {
            Outcome::Problem(problem) => Some(problem),
            _ => None,
        })
    }

    /// The findings of one check.
    pub fn of(&self, check: Check) -> impl Iterator<Item = &Outcome> {
        let of_check = move |finding: &&Finding| finding.check == check;
        self.findings.iter().filter(of_check).map(|finding| &finding.outcome)
    }

    /// The scopes that the operations need and the access token does not have, as far as known.
    #[must_use]
    pub fn missing_scopes(&self) -> &[String] {
        let mut problems = self.problems();
        let missing = problems.find_map(|problem| match problem {
            Problem::MissingScopes { scopes } => Some(&**scopes),
            _ => None,
        });
        missing.unwrap_or_default()
    }
}

impl fmt::Display for PreflightReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let problems = self.problems().count();
        let plural = if problems == 1 { "" } else { "s" };
        write!(f, "preflight of {}: {problems} problem{plural}", self.org_url)?;
        for finding in &self.findings {
            write!(f, "\n{finding}")?;
        }
        Ok(())
    }
}

/// A report in the making.
pub(super) struct Report(PreflightReport);

impl Report {
    pub(super) fn new(org_url: &OrgUrl) -> Self {
        Self(PreflightReport {
            org_url: org_url.clone(),
            findings: Vec::new(),
            engine: None,
            clock_ahead: None,
            granted_scopes: None,
            share_percent: None,
        })
    }

    pub(super) fn pass(&mut self, check: Check, found: impl Into<String>) {
        self.add(check, Outcome::Pass(found.into()));
    }

    pub(super) fn problem(&mut self, check: Check, problem: Problem) {
        self.add(check, Outcome::Problem(problem));
    }

    pub(super) fn unknown(&mut self, check: Check, reason: impl Into<String>) {
        self.add(check, Outcome::Unknown(reason.into()));
    }

    fn add(&mut self, check: Check, outcome: Outcome) {
        self.0.findings.push(Finding { check, outcome });
    }

    /// Notes facts that the report has apart from its findings.
    pub(super) fn facts(&mut self) -> &mut PreflightReport {
        &mut self.0
    }

    /// Reports every check without a finding as unknown.
    pub(super) fn skip_the_rest(&mut self, reason: &str) {
        for check in Check::ALL {
            if self.0.of(check).next().is_none() {
                self.unknown(check, format!("not checked: {reason}"));
            }
        }
    }

    pub(super) fn finish(mut self) -> PreflightReport {
        self.0.findings.sort_by_key(|finding| finding.check);
        self.0
    }
}
