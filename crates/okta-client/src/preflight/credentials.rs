//! The credentials, as far as they can be judged before they are used.

use std::time::{Duration, SystemTime};

use futures_util::future::{Either, select};
use http::{Method, header::AUTHORIZATION};
use okta_auth::{Attempt, AuthError, Credentials, ScopeSet, SharedAuthenticator, TokenClaims};
use okta_transport::{Operation, OperationAuthorization};
use url::Url;

use super::{
    org::Org,
    probe::LIMIT,
    problem::Problem,
    report::{Check, Report},
};
use crate::client::OktaClient;

/// A kind of credentials.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    ApiToken,
    AccessToken,
    Unknown,
}

/// Who calls, and with what.
pub(super) struct Standing {
    pub(super) kind: Kind,
    /// The id of the app that calls.
    pub(super) client_id: Option<String>,
    /// The scopes of the access token, if they are known.
    pub(super) granted: Option<ScopeSet>,
    /// The token needs proofs and is sent without.
    pub(super) lacks_proof: bool,
}

impl Standing {
    /// Obtains credentials and compares what they say about themselves with the org and the operations. `None` if there
    /// are none, or none that can be valid.
    pub(super) async fn find(
        client: &OktaClient,
        org: &Org,
        operations: &[&'static Operation],
        report: &mut Report,
    ) -> Option<Self> {
        let Some(authenticator) = client.authenticator() else {
            // Whether they are accepted shows later.
            report.unknown(
                Check::Scopes,
                "a client over a custom stack does not know its credentials",
            );
            return Some(Self {
                kind: Kind::Unknown,
                client_id: None,
                granted: None,
                lacks_proof: false,
            });
        };
        let credentials = match obtain(client, authenticator).await {
            Ok(credentials) => credentials,
            Err(problem) => {
                report.problem(Check::Credentials, problem);
                return None;
            }
        };
        let claims = TokenClaims::of(&credentials);
        if let Some(problem) = claims.as_ref().and_then(|claims| invalid(claims, org)) {
            report.problem(Check::Credentials, problem);
            return None;
        }
        let scheme = scheme(&credentials);
        let is_bearer = scheme.as_deref() == Some("bearer");
        let kind = match scheme.as_deref() {
            Some("ssws") => Kind::ApiToken,
            Some("bearer" | "dpop") => Kind::AccessToken,
            _ => Kind::Unknown,
        };
        let of_claims = || claims.as_ref()?.scopes().cloned();
        let client_id = claims.as_ref().and_then(TokenClaims::client_id).map(str::to_owned);
        let standing = Self {
            kind,
            client_id: client_id.or_else(|| of_principal(authenticator)),
            granted: authenticator.granted_scopes().or_else(of_claims),
            lacks_proof: is_bearer && claims.as_ref().is_some_and(TokenClaims::is_bound),
        };
        report.facts().granted_scopes.clone_from(&standing.granted);
        standing.compare(operations, report);
        Some(standing)
    }

    /// Returns false if the token is known to lack this scope.
    pub(super) fn may_have(&self, scope: &str) -> bool {
        let granted = self.granted.as_ref();
        granted.is_none_or(|granted| granted.missing(&[scope]).is_empty())
    }

    /// Compares the credentials with what the operations take. Scopes that are not known are tried later.
    fn compare(&self, operations: &[&'static Operation], report: &mut Report) {
        let (foreign, needed) = match self.kind {
            Kind::ApiToken => (OperationAuthorization::OAuth, "an OAuth 2.0 access token"),
            Kind::AccessToken => (OperationAuthorization::ApiToken, "an API token"),
            Kind::Unknown => {
                report.unknown(Check::Scopes, "the kind of the credentials is not known");
                return;
            }
        };
        let (refused, taken): (Vec<&Operation>, Vec<&Operation>) = operations
            .iter()
            .copied()
            .partition(|operation| operation.authorization == foreign);
        if !refused.is_empty() {
            let operations = refused.iter().map(|operation| operation.id).collect();
            report.problem(Check::Scopes, Problem::WrongCredentials { needed, operations });
        }
        if self.kind == Kind::ApiToken {
            report.pass(
                Check::Scopes,
                "an API token has none: its owner's administrator roles count",
            );
            return;
        }
        let Some(granted) = &self.granted else { return };
        let needed = ScopeSet::for_operations(taken.iter().map(|operation| operation.scopes));
        let needed: Vec<&str> = needed.iter().collect();
        let scopes: Vec<String> = granted.missing(&needed).into_iter().map(str::to_owned).collect();
        if scopes.is_empty() {
            report.pass(Check::Scopes, format!("granted: {granted}"));
        } else {
            report.problem(Check::Scopes, Problem::MissingScopes { scopes });
        }
    }
}

/// Obtains credentials for a read, which may request an access token.
async fn obtain(client: &OktaClient, authenticator: &SharedAuthenticator) -> Result<Credentials, Problem> {
    let uri = client.address_of("/api/v1/users/me".to_owned()).unwrap_or_default();
    let credentials = authenticator.credentials(Attempt::new(&Method::GET, &uri));
    let outcome = match select(credentials, client.clock().sleep(LIMIT)).await {
        Either::Left((outcome, _)) => outcome,
        Either::Right(_) => Err(AuthError::other(format!("no credentials came within {LIMIT:?}"))),
    };
    outcome.map_err(|error| {
        let requested = authenticator.requested_scopes().unwrap_or_default();
        Problem::of_credentials(&error, requested.iter().map(str::to_owned).collect())
    })
}

/// What a token says about itself that makes it invalid here.
fn invalid(claims: &TokenClaims, org: &Org) -> Option<Problem> {
    let expiry = claims
        .expires_at()
        .map(|at| SystemTime::UNIX_EPOCH + Duration::from_secs(at));
    if let Some(ago) = expiry.and_then(|expiry| org.now.duration_since(expiry).ok()) {
        return Some(Problem::TokenExpired { ago });
    }
    let issuer = claims.issuer()?;
    let is_known = org.addresses.iter().any(|address| is_same_origin(address, issuer));
    let is_custom_server = Url::parse(issuer).is_ok_and(|issuer| issuer.path() != "/");
    (!is_known || is_custom_server).then(|| Problem::ForeignToken {
        issuer: issuer.to_owned(),
    })
}

fn is_same_origin(one: &str, other: &str) -> bool {
    match (Url::parse(one), Url::parse(other)) {
        (Ok(one), Ok(other)) => one.origin() == other.origin(),
        _ => false,
    }
}

/// The scheme of the `Authorization` header, in lower case.
fn scheme(credentials: &Credentials) -> Option<String> {
    let value = credentials.headers().get(AUTHORIZATION)?.to_str().ok()?;
    Some(value.split_once(' ')?.0.to_ascii_lowercase())
}

/// The client id of a service app whose tokens say nothing.
fn of_principal(authenticator: &SharedAuthenticator) -> Option<String> {
    let (client_id, _) = authenticator
        .principal()
        .as_str()
        .strip_prefix("oauth:")?
        .split_once('@')?;
    Some(client_id.to_owned())
}
