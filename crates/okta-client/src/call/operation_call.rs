//! The call of one operation: what every generated request builder is made of.

use std::{
    fmt,
    future::Future,
    marker::PhantomData,
    pin::Pin,
    task::{Context, Poll, ready},
};

use http::HeaderValue;
use okta_auth::SharedAuthenticator;
use okta_models::{TimeArg, expression::Expression};
use okta_transport::{Body, CallOptions, Operation};
use serde::Serialize;

use crate::{
    client::OktaClient,
    error::{Error, RequestError},
    exchange,
    request::{Certificate, Draft, Target, Upload},
    response::{Received, Response, ResponseKind},
};

/// The call of one operation whose response is of the kind `A`.
pub(crate) struct Call<A> {
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
    pub(crate) fn time(mut self, name: &'static str, time: TimeArg) -> Self {
        self.draft.time(name, time, false);
        self
    }
    pub(crate) fn time_in_seconds(mut self, name: &'static str, time: TimeArg) -> Self {
        self.draft.time(name, time, true);
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
    pub(crate) fn json<T: Serialize>(mut self, body: &T) -> Self {
        self.draft.json("application/json", body);
        self
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
    pub(crate) fn add_query(mut self, name: String, value: String) -> Self {
        self.draft.add_query(name, value);
        self
    }
    pub(crate) fn options(mut self, options: CallOptions) -> Self {
        self.draft.options(options);
        self
    }
    pub(crate) fn authenticator(mut self, authenticator: impl Into<SharedAuthenticator>) -> Self {
        self.draft.authenticator(authenticator.into());
        self
    }
    pub(crate) fn request(&self) -> Result<http::Request<Body>, Error> {
        self.draft.build()
    }
}

impl<A: ResponseKind> Call<A> {
    pub(crate) fn send(self) -> SendFuture<A> {
        // The only boxed future above the stack, and it is not generic: each kind of response adds only its decoding.
        SendFuture {
            received: Box::pin(exchange::send(self.draft)),
            kind: PhantomData,
        }
    }
    #[cfg(feature = "blocking")]
    pub(crate) fn call(self) -> Result<A::Output, Error> {
        let client = self.draft.client.clone();
        client.block_on_call(self.draft.operation(), CallFuture(self.send()))?
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
        Poll::Ready(ready!(self.received.as_mut().poll(context)).and_then(decode::<A>))
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

fn decode<A: ResponseKind>(received: Received) -> Result<Response<A::Output>, Error> {
    received.respond(A::read)
}
