//! One read of a preflight.

use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, Method, StatusCode};
use okta_auth::Challenge;
use okta_transport::{CallOptions, cache::CacheMode};
use serde_json::Value;

use crate::{client::OktaClient, error::Error};

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

/// Reads a path of the org.
///
/// # Errors
/// There is no response.
pub(super) async fn get(client: &OktaClient, path: &str, query: &[(&str, &str)]) -> Result<Reply, Error> {
    let options = CallOptions::new().total_timeout(LIMIT).max_retries(0);
    let mut call = client
        .request(Method::GET, path)
        .with_options(options.cache(CacheMode::Bypass));
    for (name, value) in query {
        call = call.with_query(*name, value);
    }
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
