//! What the credentials are good for: reads that show roles, rights and rate limits.

use std::collections::BTreeSet;

use http::StatusCode;
use okta_transport::{Operation, OperationAuthorization, rate_limit::RateLimit};
use serde_json::Value;

use super::{
    credentials::{Kind, Standing},
    probe::{self, Reply},
    problem::Problem,
    report::{Check, Report},
};
use crate::client::OktaClient;

/// How many of the given operations are tried.
const READS: usize = 3;

/// Lists that are never empty for a caller with a role: every org has a user and the group of all users.
const NEVER_EMPTY: [(&str, &str, &str); 2] = [
    ("listUsers", "/api/v1/users", "okta.users.read"),
    ("listGroups", "/api/v1/groups", "okta.groups.read"),
];

struct Access<'a> {
    client: &'a OktaClient,
    standing: &'a Standing,
    /// The responses so far, by the id of the operation.
    seen: Vec<(&'static str, Reply)>,
}

pub(super) async fn check(
    client: &OktaClient,
    standing: &Standing,
    operations: &[&'static Operation],
    report: &mut Report,
) {
    let mut access = Access {
        client,
        standing,
        seen: Vec::new(),
    };
    access.roles(report).await;
    if access.is_accepted() {
        access.reads(operations, report).await;
    }
    if !access.is_accepted() {
        let problem = access.refusal();
        report.problem(Check::Credentials, problem);
        report.skip_the_rest("Okta does not accept the credentials");
        return;
    }
    access.credentials(report);
    access.share(report).await;
    access.scopes(operations, report);
    access.rate_limit(report);
}

impl Access<'_> {
    /// Reads a path. `None` if there is no response, which is reported.
    async fn read(
        &mut self,
        id: &'static str,
        path: &str,
        query: &[(&str, &str)],
        report: &mut Report,
    ) -> Option<&Reply> {
        match probe::get(self.client, path, query).await {
            Ok(reply) => {
                self.seen.push((id, reply));
                self.seen.last().map(|(_, reply)| reply)
            }
            Err(error) if error.is_rate_limited() => {
                report.problem(
                    Check::RateLimit,
                    Problem::RateLimitUsedUp {
                        operation: id,
                        limit: None,
                        remaining: 0,
                        resets_in: error.retry_after(),
                    },
                );
                None
            }
            Err(error) => {
                report.problem(Check::Connection, Problem::of_transport(&error));
                None
            }
        }
    }

    fn is_accepted(&self) -> bool {
        self.seen
            .iter()
            .all(|(_, reply)| reply.status != StatusCode::UNAUTHORIZED)
    }

    fn refusal(&self) -> Problem {
        if self.standing.lacks_proof {
            Problem::DpopRequired
        } else {
            Problem::TokenNotAccepted
        }
    }

    fn credentials(&self, report: &mut Report) {
        if self.seen.is_empty() {
            report.unknown(Check::Credentials, "no read could be tried with them");
            return;
        }
        let accepted = match (self.standing.kind, &self.standing.client_id) {
            (Kind::ApiToken, _) => "the API token is accepted".to_owned(),
            (_, Some(client_id)) => format!("the access token of the app {client_id} is accepted"),
            _ => "they are accepted".to_owned(),
        };
        report.pass(Check::Credentials, accepted);
    }

    /// Finds out whether the caller has an administrator role.
    async fn roles(&mut self, report: &mut Report) {
        let roles = match (self.standing.kind, &self.standing.client_id) {
            (Kind::ApiToken, _) => {
                let me = self.read("getUser", "/api/v1/users/me", &[], report).await;
                let me = me.and_then(Reply::json);
                let id = me.as_ref().and_then(|me| me.get("id")).and_then(Value::as_str);
                id.map(|id| ("listAssignedRolesForUser", format!("/api/v1/users/{id}/roles")))
            }
            (Kind::AccessToken, Some(id)) if self.standing.may_have("okta.roles.read") => {
                Some(("listRolesForClient", format!("/oauth2/v1/clients/{id}/roles")))
            }
            _ => None,
        };
        if let Some((id, path)) = roles
            && let Some(reply) = self.read(id, &path, &[], report).await
            && let Some(roles) = reply.json().as_ref().and_then(Value::as_array)
        {
            if roles.is_empty() {
                report.problem(Check::AdminRole, Problem::NoAdminRole);
            } else {
                let names = roles.iter().filter_map(|role| role.get("label")?.as_str());
                report.pass(Check::AdminRole, names.collect::<Vec<_>>().join(", "));
            }
            return;
        }
        if !self.is_accepted() {
            return;
        }
        for (id, path, scope) in NEVER_EMPTY {
            if self.standing.kind == Kind::ApiToken || !self.standing.may_have(scope) {
                continue;
            }
            if let Some(reply) = self.read(id, path, &[("limit", "1")], report).await
                && let Some(items) = reply.json().as_ref().and_then(Value::as_array)
            {
                if items.is_empty() {
                    report.problem(Check::AdminRole, Problem::NoAdminRole);
                } else {
                    report.pass(Check::AdminRole, format!("{id} is not empty, so there is one"));
                }
                return;
            }
            if !self.is_accepted() {
                return;
            }
        }
        report.unknown(
            Check::AdminRole,
            "it shows only to a caller that may read its roles, users or groups (okta.roles.read, okta.users.read)",
        );
    }

    /// Tries reads among the operations that need no argument.
    async fn reads(&mut self, operations: &[&'static Operation], report: &mut Report) {
        let mut tried: Vec<&[&str]> = Vec::new();
        let mut allowed = Vec::new();
        for operation in operations {
            let takes_none = operation.authorization == OperationAuthorization::None;
            let can_be_tried = operation.method == http::Method::GET && !operation.path_template.contains('{');
            let may_be_allowed = operation.scopes.iter().all(|scope| self.standing.may_have(scope));
            if takes_none || !can_be_tried || !may_be_allowed || tried.contains(&operation.scopes) {
                continue;
            }
            if tried.len() == READS {
                break;
            }
            tried.push(operation.scopes);
            let (id, path) = (operation.id, operation.path_template);
            let Some(reply) = self.read(id, path, &[("limit", "1")], report).await else {
                return;
            };
            match reply.status {
                StatusCode::UNAUTHORIZED => return,
                // Missing scopes are another check.
                StatusCode::FORBIDDEN if reply.lacks_scopes() => {}
                StatusCode::FORBIDDEN | StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED => {
                    let reason = reply.says.clone();
                    report.problem(Check::Access, Problem::AccessRefused { operation: id, reason });
                }
                _ => allowed.push(id),
            }
        }
        if tried.is_empty() {
            report.unknown(
                Check::Access,
                "none of the operations is a read without arguments that could be tried",
            );
        } else if !allowed.is_empty() {
            report.pass(Check::Access, format!("allowed: {}", allowed.join(", ")));
        }
    }

    /// Reads the caller's share of the rate limits.
    async fn share(&mut self, report: &mut Report) {
        const UNKNOWN: &str = "Okta's default is 50 %";
        let client_id = match (self.standing.kind, &self.standing.client_id) {
            (Kind::AccessToken, Some(client_id)) if self.standing.may_have("okta.principalRateLimits.read") => {
                client_id.clone()
            }
            (Kind::ApiToken, _) => {
                let reason = format!("the share is not known: an API token does not show its own id; {UNKNOWN}");
                report.unknown(Check::RateLimit, reason);
                return;
            }
            _ => {
                let reason = format!("the share shows only with okta.principalRateLimits.read; {UNKNOWN}");
                report.unknown(Check::RateLimit, reason);
                return;
            }
        };
        let path = "/api/v1/principal-rate-limits";
        let filter = [("filter", r#"principalType eq "OAUTH_CLIENT""#)];
        let reply = self.read("listPrincipalRateLimitEntities", path, &filter, report).await;
        let Some(Value::Array(entries)) = reply.and_then(Reply::json) else {
            report.unknown(Check::RateLimit, format!("the share cannot be read; {UNKNOWN}"));
            return;
        };
        let is_own = |entry: &&Value| entry.get("principalId").and_then(Value::as_str) == Some(&client_id);
        let own = entries.iter().find(is_own);
        let percent = own.and_then(|entry| entry.get("defaultPercentage")?.as_u64());
        let Some(percent) = percent.and_then(|percent| u32::try_from(percent).ok()) else {
            report.pass(Check::RateLimit, format!("no share is set for the app; {UNKNOWN}"));
            return;
        };
        report.facts().share_percent = Some(percent);
        report.pass(Check::RateLimit, format!("the app's share is {percent} %"));
    }

    /// Concludes on the scopes of a token that does not show them.
    fn scopes(&self, operations: &[&'static Operation], report: &mut Report) {
        if self.standing.kind != Kind::AccessToken || self.standing.granted.is_some() {
            return;
        }
        let reply_of = |id: &str| self.seen.iter().find(|(known, _)| *known == id).map(|(_, reply)| reply);
        let (mut missing, mut untried) = (BTreeSet::new(), BTreeSet::new());
        let mut held: BTreeSet<&str> = BTreeSet::new();
        for operation in operations {
            match reply_of(operation.id) {
                Some(reply) if reply.lacks_scopes() => missing.extend(reply.missing_scopes.iter().cloned()),
                Some(reply) if reply.status.is_success() => held.extend(operation.scopes),
                _ => untried.extend(operation.scopes),
            }
        }
        untried.retain(|scope| !held.contains(scope) && !missing.contains(*scope));
        if !missing.is_empty() {
            let scopes = missing.into_iter().collect();
            report.problem(Check::Scopes, Problem::MissingScopes { scopes });
        } else if operations.is_empty() {
            report.unknown(
                Check::Scopes,
                "the token does not show its scopes, and no operations are given",
            );
        } else if untried.is_empty() {
            report.pass(Check::Scopes, "the reads that need them are allowed");
        } else {
            let untried: Vec<&str> = untried.into_iter().collect();
            let reason = format!(
                "the token does not show its scopes, and no read shows {}",
                untried.join(", ")
            );
            report.unknown(Check::Scopes, reason);
        }
    }

    /// Reports the rate limit of which the least is left.
    fn rate_limit(&self, report: &mut Report) {
        let limits = self.seen.iter().filter_map(|(id, reply)| {
            let limit = RateLimit::from_headers(&reply.headers).filter(|limit| !limit.is_of_concurrency())?;
            Some((*id, limit, reply))
        });
        // Compares the quotients `remaining / limit` without dividing.
        let worst = limits.min_by(|(_, a, _), (_, b, _)| {
            let product = |one: u64, other: u64| u128::from(one) * u128::from(other);
            product(a.remaining, b.limit).cmp(&product(b.remaining, a.limit))
        });
        let Some((operation, limit, reply)) = worst else {
            report.unknown(Check::RateLimit, "no response has `X-Rate-Limit` headers");
            return;
        };
        let RateLimit { limit, remaining, .. } = limit;
        if remaining.saturating_mul(10) >= limit {
            report.pass(Check::RateLimit, format!("{operation}: {remaining} of {limit} left"));
            return;
        }
        let problem = Problem::RateLimitUsedUp {
            operation,
            limit: Some(limit),
            remaining,
            resets_in: RateLimit::until_reset(&reply.headers, None),
        };
        report.problem(Check::RateLimit, problem);
    }
}
