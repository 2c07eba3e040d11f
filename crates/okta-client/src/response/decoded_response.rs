//! The response to a call, with its decoded value.

use std::fmt;

use bytes::Bytes;
use http::{Extensions, HeaderMap, StatusCode};
use okta_models::json::own_from_slice;
use okta_transport::{cache::CacheStatus, rate_limit::RateLimit, retry::Attempts};
use serde::de::DeserializeOwned;

use crate::error::{Error, ErrorResponse, RequestFacts, request_id};

/// The decoded value of a response, with its status, headers and body. `{:?}` shows the names of the headers and the length of
/// the body only.
///
/// The type of a response hides nothing: if an operation is documented without a body, its value is `()`, and a body that
/// comes nevertheless is the [`body`](Self::body).
///
/// ```
/// # use http::{Request, Response};
/// # use okta_client::{Body, BoxError, OktaClient, OrgUrl};
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let service = tower::service_fn(|_: Request<Body>| async {
/// #     Ok::<_, BoxError>(Response::builder().header("x-okta-request-id", "req-1").body(Body::from(r#"{"note":"…"}"#))?)
/// # });
/// # let okta = OktaClient::from_service(OrgUrl::parse("https://acme.okta.com")?, service);
/// let deleted = okta.groups().delete("00g1").send().await?;
/// assert_eq!(deleted.request_id(), Some("req-1"));
/// assert_eq!(deleted.body, r#"{"note":"…"}"#);
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
#[non_exhaustive]
pub struct Response<T> {
    /// The value.
    pub value: T,
    /// The HTTP status.
    pub status: StatusCode,
    /// The response's headers.
    pub headers: HeaderMap,
    /// The body, unchanged: the value was decoded from it.
    pub body: Bytes,
    /// What the layers of the stack left with the response; your own layers may add to it.
    pub extensions: Extensions,
    pub(super) request: RequestFacts,
    /// The value is the body, which may be a secret.
    pub(super) hides_value: bool,
}

impl<T> Response<T> {
    /// The value alone.
    #[must_use]
    pub fn into_value(self) -> T {
        self.value
    }
    /// The value with the response that it was read from.
    pub(crate) fn new(value: T, response: ErrorResponse, request: RequestFacts) -> Self {
        Self {
            request,
            hides_value: false,
            value,
            status: response.status,
            headers: response.headers,
            body: response.body,
            extensions: response.extensions,
        }
    }
    /// The response with another value made of this one.
    pub(crate) fn map<U>(self, change: impl FnOnce(T) -> U) -> Response<U> {
        Response {
            request: self.request,
            hides_value: self.hides_value,
            value: change(self.value),
            status: self.status,
            headers: self.headers,
            body: self.body,
            extensions: self.extensions,
        }
    }
    /// Decodes the body by serde as a `U`: a struct of your own, a model, or `serde_json::Value`.
    ///
    /// ```no_run
    /// use http::Method;
    /// use serde_json::{Value, json};
    ///
    /// # async fn doc(okta: okta_client::OktaClient) -> Result<(), okta_client::Error> {
    /// let response = okta.request(Method::POST, "/api/v1/authn").json(&json!({"username": "ann"})).await?;
    /// let transaction: Value = response.json()?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error`] if the body is not JSON for a `U`.
    pub fn json<U: DeserializeOwned>(&self) -> Result<U, Error> {
        own_from_slice(&self.body).map_err(|error| {
            let response = ErrorResponse {
                status: self.status,
                headers: self.headers.clone(),
                extensions: self.extensions.clone(),
                body: self.body.clone(),
            };
            Error::decode(self.request.operation, error, response).write(self.request.is_write)
        })
    }
    /// The id Okta gave the request (`X-Okta-Request-Id`): what its support asks for.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        request_id(&self.headers)
    }
    /// The rate limit of this endpoint, if the response has it.
    #[must_use]
    pub fn rate_limit(&self) -> Option<RateLimit> {
        RateLimit::from_headers(&self.headers)
    }
    /// Whether the response came from the cache; `None` in a stack without one.
    #[must_use]
    pub fn cache_status(&self) -> Option<&CacheStatus> {
        self.extensions.get()
    }
    /// How often the request was sent, and how long was waited in between; `None` in a stack without retries.
    #[must_use]
    pub fn attempts(&self) -> Option<&Attempts> {
        Attempts::of(&self.extensions)
    }
}

impl<T: fmt::Debug> fmt::Debug for Response<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("Response");
        if !self.hides_value {
            shown.field("value", &self.value);
        }
        shown
            .field("status", &self.status)
            .field("headers", &self.headers.keys().collect::<Vec<_>>())
            .field("body_bytes", &self.body.len())
            .finish()
    }
}
