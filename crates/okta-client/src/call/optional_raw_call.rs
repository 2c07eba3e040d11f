//! Raw calls that return `None` for a 404.

use std::{
    future::{Future, IntoFuture},
    pin::Pin,
    task::{Context, Poll, ready},
};

use bytes::Bytes;

use super::{operation_call::SendFuture, optional_call::none_if_not_found, raw_call::RawCall};
use crate::{
    error::Error,
    response::{Binary, Response},
};

/// A [`RawCall`] that returns `None` if the resource does not exist (404).
#[derive(Debug)]
#[must_use = "a request is sent when it is awaited"]
pub struct OptionalRawCall(RawCall);

impl OptionalRawCall {
    pub(super) fn new(call: RawCall) -> Self {
        Self(call)
    }
    /// Sends the request and waits for the response on this thread: see [`blocking`](crate::blocking).
    ///
    /// # Errors
    /// [`Error`] as with `.await`, and inside a runtime.
    #[cfg(feature = "blocking")]
    pub fn call(self) -> Result<Option<Response<Bytes>>, Error> {
        none_if_not_found(self.0.call())
    }
}

impl IntoFuture for OptionalRawCall {
    type Output = Result<Option<Response<Bytes>>, Error>;
    type IntoFuture = OptionalRawFuture;

    fn into_future(self) -> OptionalRawFuture {
        OptionalRawFuture(self.0.into_future())
    }
}

/// An [`OptionalRawCall`] on its way.
///
/// # Cancel safety
/// Dropping it abandons the request; whether Okta has carried it out by then is unknown.
#[derive(Debug)]
#[must_use = "futures do nothing unless awaited"]
pub struct OptionalRawFuture(SendFuture<Binary>);

impl Future for OptionalRawFuture {
    type Output = Result<Option<Response<Bytes>>, Error>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        Poll::Ready(none_if_not_found(ready!(Pin::new(&mut self.0).poll(context))))
    }
}
