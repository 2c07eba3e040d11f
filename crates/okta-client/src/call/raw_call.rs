//! Calls of endpoints that no method represents, through the same stack.

use std::{fmt, future::IntoFuture};

use bytes::Bytes;
use http::{HeaderValue, Method};
use okta_auth::SharedAuthenticator;
use okta_models::json::FromJson;
use okta_transport::{Body, CallOptions};
use serde::{Serialize, de::DeserializeOwned};

use super::{
    operation_call::{Call, SendFuture},
    optional_raw_call::OptionalRawCall,
};
use crate::{
    client::OktaClient,
    error::{Error, RequestError},
    exchange,
    paging::{List, Own, Pager, RawItem, Verbatim},
    request::{Cursor, Draft, Target},
    response::{Binary, JsonAs, Response},
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
    pub fn with_query(mut self, name: impl Into<String>, value: impl fmt::Display) -> Self {
        self.0.add_query(name.into(), value);
        self
    }
    /// Sets a header.
    pub fn with_header(mut self, name: &str, value: impl AsRef<str>) -> Self {
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
    pub fn with_options(mut self, options: CallOptions) -> Self {
        self.0.options(options);
        self
    }
    /// Makes this call with other credentials than the client's; they go to the same org only.
    pub fn with_authenticator(mut self, authenticator: impl Into<SharedAuthenticator>) -> Self {
        self.0.authenticator(authenticator.into());
        self
    }
    /// Sends the request, as `.await` does: the value of the response is its body.
    ///
    /// # Errors
    /// [`Error`] if the request is invalid, if there is no response, or if it is an error.
    pub fn send(self) -> SendFuture<Binary> {
        self.decoded_as().send()
    }
    /// Sends the request and waits for the response on this thread: see [`blocking`](crate::blocking).
    ///
    /// # Errors
    /// [`Error`] as with `.await`, and inside a runtime.
    #[cfg(feature = "blocking")]
    pub fn send_blocking(self) -> Result<Response<Bytes>, Error> {
        self.decoded_as::<Binary>().send_blocking()
    }
    /// The same as [`send_blocking`](Self::send_blocking).
    ///
    /// # Errors
    /// [`Error`] as with `.await`, and inside a runtime.
    #[cfg(feature = "blocking")]
    pub fn call(self) -> Result<Response<Bytes>, Error> {
        self.send_blocking()
    }
    /// Decodes the response by serde: a struct of your own, a model, or `serde_json::Value`. Call it after the setters.
    ///
    /// ```no_run
    /// use http::Method;
    /// use serde_json::Value;
    ///
    /// # async fn doc(okta: okta_client::OktaClient) -> Result<(), okta_client::Error> {
    /// let me = okta.request(Method::GET, "/api/v1/users/me").json_as::<Value>().await?;
    /// println!("{}", me["id"]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn json_as<T: DeserializeOwned + 'static>(self) -> Call<JsonAs<T>> {
        self.decoded_as()
    }
    /// Reads a list endpoint and decodes its items by serde as a type of your program. Call it after the setters.
    pub fn items_as<T: DeserializeOwned + 'static>(self) -> Call<List<T, Own>> {
        self.decoded_as()
    }
    /// Reads a list endpoint and leaves its items undecoded, each as its JSON text. Call it after the setters.
    pub fn items_raw(self) -> Call<List<RawItem, Verbatim>> {
        self.decoded_as()
    }
    fn decoded_as<A>(self) -> Call<A> {
        Call::from_draft(self.0)
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
    /// Streams the items of a list endpoint over all its pages as models; `serde_json::Value` takes any item.
    pub fn stream<T: FromJson + 'static>(self) -> Pager<T> {
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
    /// println!("{} {:?}", response.status, transaction["status"]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn request(&self, method: Method, address: &str) -> RawCall {
        RawCall::new(Draft::new(self.clone(), Target::address(method, address)))
    }
}

impl IntoFuture for RawCall {
    type Output = Result<Response<Bytes>, Error>;
    type IntoFuture = SendFuture<Binary>;

    fn into_future(self) -> SendFuture<Binary> {
        self.send()
    }
}
