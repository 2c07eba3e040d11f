//! Calls that return `None` for a 404.

use std::{
    fmt,
    future::{Future, IntoFuture},
    pin::Pin,
    task::{Context, Poll, ready},
};

use super::operation_call::{Call, SendFuture};
use crate::{
    error::Error,
    response::{Response, ResponseKind},
};

/// A call that returns `None` if the resource does not exist (404); `optional` of every request builder returns it; call
/// it last.
///
/// ```no_run
/// # async fn doc(okta: okta_client::OktaClient) -> Result<(), okta_client::Error> {
/// let user = okta.users().get("ann@example.com").optional().await?;
/// println!("{}", if user.is_some() { "known" } else { "unknown" });
/// # Ok(())
/// # }
/// ```
#[must_use = "a request is sent when it is awaited"]
pub struct OptionalCall<A>(Call<A>);

impl<A: ResponseKind> OptionalCall<A> {
    pub(crate) fn new(call: Call<A>) -> Self {
        Self(call)
    }
    /// Sends the request; the response's status, headers, request id, rate limit and raw body come with its value, also those
    /// of a 404.
    ///
    /// # Errors
    /// [`Error`] as with `.await`.
    ///
    /// # Cancel safety
    /// Dropping the future abandons the request; whether Okta has carried it out by then is unknown.
    pub async fn send(self) -> Result<Response<Option<A::Output>>, Error> {
        match self.0.send().await {
            Ok(response) => Ok(response.map(Some)),
            Err(error) => {
                let (response, request) = error.into_not_found()?;
                Ok(Response::new(None, response, request))
            }
        }
    }
    /// Sends the request and waits for its value on this thread: see [`blocking`](crate::blocking).
    ///
    /// # Errors
    /// [`Error`] as with `.await`, and inside a runtime.
    #[cfg(feature = "blocking")]
    pub fn call(self) -> Result<Option<A::Output>, Error> {
        none_if_not_found(self.0.call())
    }
    /// Sends the request and waits for its response on this thread: see [`blocking`](crate::blocking).
    ///
    /// # Errors
    /// [`Error`] as with [`send`](Self::send), and inside a runtime.
    #[cfg(feature = "blocking")]
    pub fn send_blocking(self) -> Result<Response<Option<A::Output>>, Error> {
        let client = self.0.draft.client.clone();
        client.block_on_call(self.0.draft.operation(), self.send())?
    }
}

impl<A: ResponseKind> IntoFuture for OptionalCall<A> {
    type Output = Result<Option<A::Output>, Error>;
    type IntoFuture = OptionalFuture<A>;

    fn into_future(self) -> OptionalFuture<A> {
        OptionalFuture(self.0.send())
    }
}

/// An [`OptionalCall`] on its way.
///
/// # Cancel safety
/// Dropping it abandons the request; whether Okta has carried it out by then is unknown.
#[must_use = "futures do nothing unless awaited"]
pub struct OptionalFuture<A>(SendFuture<A>);

impl<A: ResponseKind> Future for OptionalFuture<A> {
    type Output = Result<Option<A::Output>, Error>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let response = ready!(Pin::new(&mut self.0).poll(context));
        Poll::Ready(none_if_not_found(response.map(Response::into_value)))
    }
}

pub(super) fn none_if_not_found<T>(result: Result<T, Error>) -> Result<Option<T>, Error> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(error) if error.is_not_found() => Ok(None),
        Err(error) => Err(error),
    }
}

impl<A> Clone for OptionalCall<A> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<A> fmt::Debug for OptionalCall<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("OptionalCall").field(&self.0).finish()
    }
}

impl<A> fmt::Debug for OptionalFuture<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OptionalFuture")
    }
}
