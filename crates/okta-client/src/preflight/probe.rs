//! One read of a preflight.

use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, Method, StatusCode};
use okta_auth::{Attempt, AuthError, Authenticator, Challenge, Credentials, Principal};
use okta_transport::{CallOptions, cache::CacheMode};
use serde_json::Value;

use crate::{call::RawCall, client::OktaClient, error::Error};

/// How long each request may take.
pub(super) const LIMIT: Duration = Duration::from_secs(15);

/// A response, whatever its status.
pub(super) struct Reply {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    body: Bytes,
    /// Of an error: what Okta says.
    pub(super) says: String,
    /// Of an error: the scopes that were missing.
    pub(super) missing_scopes: Vec<String>,
}

impl Reply {
    pub(super) fn json(&self) -> Option<Value> {
        serde_json::from_slice(&self.body).ok()
    }

    /// The challenge says that the scopes do not suffice.
    pub(super) fn lacks_scopes(&self) -> bool {
        Challenge::with_error(&self.headers).is_some_and(|challenge| challenge.error() == Some("insufficient_scope"))
    }
}

/// The credentials of a read that needs none, also if the operation's area is not compiled and nothing else says so.
struct Anonymous(Principal);

impl Authenticator for Anonymous {
    async fn credentials(&self, _attempt: Attempt<'_>) -> Result<Credentials, AuthError> {
        Ok(Credentials::none())
    }

    fn may_replay(&self) -> bool {
        false
    }

    fn principal(&self) -> &Principal {
        &self.0
    }
}

/// Reads a path of the org.
///
/// # Errors
/// There is no response.
pub(super) async fn get(client: &OktaClient, path: &str, query: &[(&str, &str)]) -> Result<Reply, Error> {
    let mut call = call(client, path);
    for (name, value) in query {
        call = call.with_query(*name, value);
    }
    reply(call).await
}

/// Reads a path of the org that needs no credentials, and sends none.
///
/// # Errors
/// There is no response.
pub(super) async fn get_without_credentials(client: &OktaClient, path: &str) -> Result<Reply, Error> {
    let anonymous = Anonymous(Principal::new("none", "preflight"));
    reply(call(client, path).with_authenticator(anonymous)).await
}

fn call(client: &OktaClient, path: &str) -> RawCall {
    let options = CallOptions::new().total_timeout(LIMIT).max_retries(0);
    client
        .request(Method::GET, path)
        .with_options(options.cache(CacheMode::Bypass))
}

async fn reply(call: RawCall) -> Result<Reply, Error> {
    match call.await {
        Ok(response) => Ok(Reply {
            status: response.status,
            headers: response.headers,
            body: response.body,
            says: String::new(),
            missing_scopes: Vec::new(),
        }),
        Err(error) => match (error.status(), error.headers()) {
            (Some(status), Some(headers)) if error.is_api() => Ok(Reply {
                status,
                headers: headers.clone(),
                body: Bytes::new(),
                says: error.api_error().map(ToString::to_string).unwrap_or_default(),
                missing_scopes: error.missing_scopes().to_vec(),
            }),
            _ => Err(error),
        },
    }
}
