//! The call of one operation: what every generated request builder is made of.

use std::{
    borrow::Borrow,
    fmt,
    future::{Future, IntoFuture},
    marker::PhantomData,
    pin::Pin,
    task::{Context, Poll, ready},
};

use http::HeaderValue;
use okta_auth::SharedAuthenticator;
use okta_models::expression::Expression;
use okta_transport::{Body, CallOptions, Operation};
use serde::Serialize;

use super::optional_call::OptionalCall;
use crate::{
    client::OktaClient,
    error::{Error, RequestError},
    exchange,
    paging::{ItemFormat, List, Pager, Pages},
    request::{Certificate, Cursor, Draft, Target, Upload},
    response::{Received, Response, ResponseKind, Text},
};

/// A call whose response is decoded as the kind `A`.
///
/// The request builders of the operations have methods that return it: `json_as`, `items_as`, `items_raw`. Awaiting it sends
/// the request.
///
/// ```no_run
/// #[derive(serde::Deserialize)]
/// struct MyUser {
///     id: String,
///     status: String,
/// }
///
/// # async fn doc(okta: okta_client::OktaClient) -> Result<(), okta_client::Error> {
/// let me = okta.users().get("me").json_as::<MyUser>().await?;
/// let mut users = okta.users().list().limit(200).items_as::<MyUser>().stream();
/// while let Some(user) = users.try_next().await? {
///     println!("{} {} {}", user.id, user.status, user.id == me.id);
/// }
/// # Ok(())
/// # }
/// ```
#[must_use = "a request is sent when it is awaited"]
pub struct Call<A> {
    pub(crate) draft: Draft,
    kind: PhantomData<fn() -> A>,
}

impl<A> Call<A> {
    pub(crate) fn new(client: OktaClient, operation: &'static Operation) -> Self {
        Self::from_draft(Draft::new(client, Target::operation_call(operation)))
    }
    pub(crate) fn from_draft(draft: Draft) -> Self {
        Self {
            draft,
            kind: PhantomData,
        }
    }
    pub(crate) fn path(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.draft.path(name, value.into());
        self
    }
    pub(crate) fn query(mut self, name: &'static str, value: impl fmt::Display) -> Self {
        self.draft.query(name, value);
        self
    }
    pub(crate) fn query_expression(mut self, name: &'static str, expression: Expression) -> Self {
        self.draft.query_expression(name, expression);
        self
    }
    pub(crate) fn header(mut self, name: &str, value: impl AsRef<str>) -> Self {
        self.draft.header(name, value.as_ref());
        self
    }
    pub(crate) fn query_list<I: fmt::Display>(
        mut self,
        name: &'static str,
        values: impl IntoIterator<Item = I>,
        separator: &str,
    ) -> Self {
        self.draft.query_list(name, values, separator);
        self
    }
    pub(crate) fn query_repeat<I: fmt::Display>(
        mut self,
        name: &'static str,
        values: impl IntoIterator<Item = I>,
    ) -> Self {
        self.draft.query_repeat(name, values);
        self
    }
    pub(crate) fn accept(mut self, content_type: &'static str) -> Self {
        self.draft.header("accept", content_type);
        self
    }
    /// The same request for a response as text of this media type.
    pub(crate) fn text_as(self, media_type: &'static str) -> Call<Text> {
        self.accept(media_type).decoded_as()
    }
    pub(crate) fn json<T: Serialize>(mut self, body: &T) -> Self {
        self.draft.json("application/json", body);
        self
    }
    /// A list, of values or of references to them.
    pub(crate) fn json_list<T: Serialize, B: Borrow<T>>(self, items: impl IntoIterator<Item = B>) -> Self {
        let items: Vec<B> = items.into_iter().collect();
        self.json(&items.iter().map(Borrow::borrow).collect::<Vec<&T>>())
    }
    pub(crate) fn merge_patch<T: Serialize>(mut self, body: &T) -> Self {
        self.draft.json("application/merge-patch+json", body);
        self
    }
    pub(crate) fn multipart(mut self, part: &str, file: &Upload) -> Self {
        match file.form(part) {
            Some((content_type, body)) => self.draft.bytes(content_type, body),
            None => self.draft.refuse(RequestError::upload()),
        }
        self
    }
    pub(crate) fn certificate(mut self, certificate: &Certificate) -> Self {
        self.draft.bytes(certificate.content_type(), certificate.bytes());
        self
    }
    pub(crate) fn text(mut self, content_type: &'static str, text: impl Into<String>) -> Self {
        self.draft
            .bytes(HeaderValue::from_static(content_type), text.into().into());
        self
    }
    /// The same request for a response of another kind.
    pub(crate) fn decoded_as<B>(self) -> Call<B> {
        Call::from_draft(self.draft)
    }
    /// The request as it would be sent, without sending it; the transport adds credentials and default headers.
    ///
    /// # Errors
    /// [`Error`] if an argument is invalid.
    pub fn request(&self) -> Result<http::Request<Body>, Error> {
        self.draft.build()
    }
    /// Sets what this call does differently from the client's settings, timeouts for example.
    pub fn with_options(mut self, options: CallOptions) -> Self {
        self.draft.options(options);
        self
    }
    /// Makes this call with other credentials than the client's; they go to the same org only.
    pub fn with_authenticator(mut self, authenticator: impl Into<SharedAuthenticator>) -> Self {
        self.draft.authenticator(authenticator.into());
        self
    }
    /// Adds a query parameter that Okta's document does not declare.
    pub fn with_query(mut self, name: impl Into<String>, value: impl fmt::Display) -> Self {
        self.draft.add_query(name.into(), value);
        self
    }
    /// Sets a header.
    pub fn with_header(mut self, name: &str, value: impl AsRef<str>) -> Self {
        self.draft.header(name, value.as_ref());
        self
    }
}

impl<A: ResponseKind> Call<A> {
    /// Sends the request; the response's status, headers, request id, rate limit and raw body come with its value.
    ///
    /// # Errors
    /// [`Error`] if the request is invalid, if there is no response, or if it is an error.
    pub fn send(self) -> SendFuture<A> {
        // The only boxed future above the stack, and it is not generic: each kind of response adds only its decoding.
        SendFuture {
            received: Box::pin(exchange::send(self.draft)),
            kind: PhantomData,
        }
    }
    /// Sends the request and waits for its value on this thread: see [`blocking`](crate::blocking).
    ///
    /// # Errors
    /// [`Error`] as with `.await`, and inside a runtime.
    #[cfg(feature = "blocking")]
    pub fn call(self) -> Result<A::Output, Error> {
        let client = self.draft.client.clone();
        client.block_on_call(self.draft.operation(), CallFuture(self.send()))?
    }
    /// Sends the request and waits for its response on this thread: see [`blocking`](crate::blocking).
    ///
    /// # Errors
    /// [`Error`] as with [`send`](Self::send), and inside a runtime.
    #[cfg(feature = "blocking")]
    pub fn send_blocking(self) -> Result<Response<A::Output>, Error> {
        let client = self.draft.client.clone();
        client.block_on_call(self.draft.operation(), self.send())?
    }
    /// Returns `None` instead of an error if the resource does not exist (404). Call it last.
    pub fn optional(self) -> OptionalCall<A> {
        OptionalCall::new(self)
    }
}

impl<T: 'static, F: ItemFormat<T>> Call<List<T, F>> {
    /// Resumes at a [`Cursor`] of this list. Its query is sent; of the parameters that are set here it gets those that it
    /// lacks, except `limit` and `since`, which are the cursor's.
    pub fn resume(mut self, cursor: Cursor) -> Self {
        self.draft.resume(cursor);
        self
    }
    /// Streams the items of all pages.
    pub fn stream(self) -> Pager<T, F> {
        Pager::new(self.draft)
    }
    /// Streams the pages.
    pub fn pages(self) -> Pages<T, F> {
        Pages::new(self.draft)
    }
}

impl<A: ResponseKind> IntoFuture for Call<A> {
    type Output = Result<A::Output, Error>;
    type IntoFuture = CallFuture<A>;

    fn into_future(self) -> CallFuture<A> {
        CallFuture(self.send())
    }
}

impl<A> Clone for Call<A> {
    fn clone(&self) -> Self {
        Self::from_draft(self.draft.clone())
    }
}

impl<A> fmt::Debug for Call<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.draft.fmt(f)
    }
}

type Receiving = Pin<Box<dyn Future<Output = Result<Received, Error>> + Send>>;

/// The call on its way, as a response with its status and headers.
///
/// # Cancel safety
/// Dropping it abandons the request; whether Okta has carried it out by then is unknown.
#[must_use = "futures do nothing unless awaited"]
pub struct SendFuture<A> {
    received: Receiving,
    kind: PhantomData<fn() -> A>,
}

/// The call on its way, as its bare value.
///
/// # Cancel safety
/// Dropping it abandons the request; whether Okta has carried it out by then is unknown.
#[must_use = "futures do nothing unless awaited"]
pub struct CallFuture<A>(pub(crate) SendFuture<A>);

impl<A: ResponseKind> Future for SendFuture<A> {
    type Output = Result<Response<A::Output>, Error>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        Poll::Ready(ready!(self.received.as_mut().poll(context)).and_then(Received::respond::<A>))
    }
}

impl<A: ResponseKind> Future for CallFuture<A> {
    type Output = Result<A::Output, Error>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let response = ready!(Pin::new(&mut self.0).poll(context));
        Poll::Ready(response.map(Response::into_value))
    }
}

impl<A> fmt::Debug for SendFuture<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SendFuture")
    }
}

impl<A> fmt::Debug for CallFuture<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CallFuture")
    }
}
