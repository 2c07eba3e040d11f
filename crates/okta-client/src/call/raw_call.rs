//! Calls of endpoints that no method represents, through the same stack.

use std::{
    fmt,
    future::{Future, IntoFuture},
    pin::Pin,
    task::{Context, Poll, ready},
};

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method, StatusCode};
use okta_auth::SharedAuthenticator;
use okta_models::json::{FromJson, text};
use okta_transport::{Body, BoxError, CallOptions, rate_limit::RateLimit, retry::Attempts};
use serde::{Serialize, de::DeserializeOwned};

use super::optional_call::OptionalRawCall;
use crate::{
    client::OktaClient,
    error::{Error, RequestError},
    exchange,
    paging::Pager,
    request::{Cursor, Draft, Target},
    response::Received,
};

/// A call of an endpoint that no method represents; [`OktaClient::request`](crate::OktaClient::request) starts it.
///
/// It goes through the same stack as every other call: credentials, timeouts and your layers apply, and an error response
/// becomes an [`Error`].
#[derive(Clone, Debug)]
#[must_use = "a request is sent when it is awaited"]
pub struct RawCall(Draft);

impl RawCall {
    fn new(draft: Draft) -> Self {
        Self(draft)
    }
    /// Adds a query parameter.
    pub fn query(mut self, name: impl Into<String>, value: impl fmt::Display) -> Self {
        self.0.add_query(name.into(), value);
        self
    }
    /// Sets a header.
    pub fn header(mut self, name: &str, value: impl AsRef<str>) -> Self {
        self.0.header(name, value.as_ref());
        self
    }
    /// Sets a JSON body.
    pub fn json<T: Serialize + ?Sized>(mut self, body: &T) -> Self {
        self.0.json("application/json", body);
        self
    }
    /// Sets a body of any other type.
    pub fn body(mut self, content_type: &str, body: impl Into<Bytes>) -> Self {
        match HeaderValue::try_from(content_type) {
            Ok(content_type) => self.0.bytes(content_type, body.into()),
            Err(_) => self.0.refuse(RequestError::header("content-type")),
        }
        self
    }
    /// Sets what this call does differently from the client's settings, timeouts for example.
    pub fn options(mut self, options: CallOptions) -> Self {
        self.0.options(options);
        self
    }
    /// Makes this call with other credentials than the client's; they go to the same org only.
    pub fn authenticator(mut self, authenticator: impl Into<SharedAuthenticator>) -> Self {
        self.0.authenticator(authenticator.into());
        self
    }
    /// Sends the request and waits for the response on this thread: see [`blocking`](crate::blocking).
    ///
    /// # Errors
    /// [`Error`] as with `.await`, and inside a runtime.
    #[cfg(feature = "blocking")]
    pub fn call(self) -> Result<RawResponse, Error> {
        let client = self.0.client.clone();
        client.block_on_call(None, self.into_future())?
    }
    /// The request as it would be sent, without sending it.
    ///
    /// # Errors
    /// [`Error`] if an argument is invalid.
    pub fn request(&self) -> Result<http::Request<Body>, Error> {
        self.0.build()
    }
    /// Resumes at a [`Cursor`] of this list. Its query is sent; of the parameters that are set here it gets those that it
    /// lacks, except `limit` and `since`, which are the cursor's.
    pub fn resume(mut self, cursor: Cursor) -> Self {
        self.0.resume(cursor);
        self
    }
    /// Sends the request and returns the response as soon as its headers are there; its body is a stream, for a response that
    /// is too large for memory. It has no size limit, and is not repeated if it breaks off. An error response is read whole and
    /// becomes an [`Error`], as with `.await`.
    ///
    /// ```no_run
    /// use http::Method;
    /// use http_body_util::BodyExt;
    ///
    /// # async fn doc(okta: okta_client::OktaClient) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    /// let mut body = okta.request(Method::GET, "/api/v1/logs").streamed().await?.into_body();
    /// while let Some(frame) = body.frame().await {
    ///     if let Ok(bytes) = frame?.into_data() {
    ///         println!("{} bytes", bytes.len());
    ///     }
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error`] if the request is invalid, if there is no response, or if it is an error. The body fails by itself if the
    /// connection breaks.
    ///
    /// # Cancel safety
    /// Dropping the future abandons the request; whether Okta has carried it out by then is unknown.
    pub async fn streamed(self) -> Result<http::Response<Body>, Error> {
        exchange::stream(self.0).await
    }
    /// Returns `None` instead of an error if the resource does not exist (404). Call it last.
    pub fn optional(self) -> OptionalRawCall {
        OptionalRawCall::new(self)
    }
    /// Streams the items of a list endpoint over all its pages; `serde_json::Value` takes any item.
    pub fn stream<T: FromJson + Send + Unpin + 'static>(self) -> Pager<T> {
        Pager::new(self.0)
    }
}

impl OktaClient {
    /// Starts a call of an endpoint that no method represents: a path with its leading `/`, or an absolute address of
    /// this org (a link of an earlier response, for example).
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
    pub fn request(&self, method: Method, address: &str) -> RawCall {
        RawCall::new(Draft::new(self.clone(), Target::address(method, address)))
    }
}

impl IntoFuture for RawCall {
    type Output = Result<RawResponse, Error>;
    type IntoFuture = RawFuture;

    fn into_future(self) -> RawFuture {
        RawFuture(Box::pin(exchange::send(self.0)))
    }
}

/// A raw call on its way.
///
/// # Cancel safety
/// Dropping it abandons the request; whether Okta has carried it out by then is unknown.
#[must_use = "futures do nothing unless awaited"]
pub struct RawFuture(Pin<Box<dyn Future<Output = Result<Received, Error>> + Send>>);

impl Future for RawFuture {
    type Output = Result<RawResponse, Error>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        Poll::Ready(ready!(self.0.as_mut().poll(context)).map(RawResponse))
    }
}

impl fmt::Debug for RawFuture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RawFuture")
    }
}

/// The response to a [`RawCall`]. `{:?}` shows names and lengths only.
#[derive(Debug)]
pub struct RawResponse(Received);

impl RawResponse {
    /// The status.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.0.status
    }
    /// The headers.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.0.headers
    }
    /// The rate limit of this endpoint, if the response has it.
    #[must_use]
    pub fn rate_limit(&self) -> Option<RateLimit> {
        RateLimit::from_headers(&self.0.headers)
    }
    /// How often the request was sent, and how long was waited in between; `None` in a stack without retries.
    #[must_use]
    pub fn attempts(&self) -> Option<&Attempts> {
        Attempts::of(&self.0.extensions)
    }
    /// The body, unchanged.
    #[must_use]
    pub fn body(&self) -> &Bytes {
        &self.0.body
    }
    /// The body as a `T`: a model, a struct of your own, or `serde_json::Value`.
    ///
    /// # Errors
    /// [`Error`] if the body is not JSON for a `T`.
    pub fn json<T: DeserializeOwned>(self) -> Result<T, Error> {
        let read = match text::<T>(&self.0.body) {
            Ok(text) => serde_json::from_str(text).map_err(BoxError::from),
            Err(error) => Err(error.into()),
        };
        read.map_err(|error| {
            Error::decode(self.0.draft.operation(), error, self.0.error_response()).write(self.0.is_write)
        })
    }
}
