//! Calls without `async`: for programs, scripts and threads that have no runtime.
//!
//! Every builder has a [`call`](crate::api::users::ListUsers::call) beside `.await` and a
//! [`send_blocking`](crate::api::users::ListUsers::send_blocking) beside `.send().await`. The streams of items and of pages have
//! a `call` too and then are iterators. [`OktaClient::block_on`] waits for anything else.
//!
//! ```no_run
//! # #[cfg(feature = "loader")]
//! # fn doc() -> Result<(), Box<dyn std::error::Error>> {
//! let okta = okta_client::OktaClient::from_env()?;
//! let ann = okta.users().get("ann@example.com").call()?;
//! for user in okta.users().list().limit(200).stream().call() {
//!     println!("{:?}", user?.id);
//! }
//! # Ok(())
//! # }
//! ```
//!
//! The client starts a tokio runtime with the first such call and shares it among all its clones. One thread of it, named
//! `okta-client`, drives the connections and the requests that run in the background (the next page of a list, operations of
//! [`bulk`](crate::bulk())). So a connection that the server closes is noticed between two calls, and calls with `call()` and
//! with `.await` mix in any order. Calls from several threads run in parallel, each on its own thread. The runtime ends with
//! the last clone of the client.
//!
//! Inside a runtime (in an `async fn`, in `spawn_blocking`) blocking would stop it, so a call is an error that says so; use
//! `.await` there, or `Handle::block_on`.

use std::{fmt, future::Future, iter::FusedIterator};

use futures_core::Stream;
use futures_util::StreamExt;

use crate::{
    client::OktaClient,
    error::Error,
    paging::{ItemFormat, Pager, Pages},
};

impl OktaClient {
    /// Waits for anything that is made of this client's calls: a [`Tail`](crate::Tail), a [`Bulk`](crate::Bulk), several
    /// calls at a time.
    ///
    /// # Errors
    /// [`Error`] if the thread is inside a runtime, or no runtime can be started.
    pub fn block_on<F: Future>(&self, future: F) -> Result<F::Output, Error> {
        self.block_on_call(None, future)
    }
}

/// The items or the pages of a list, one after another without `async`; `call()` on the stream makes it.
///
/// The next page is fetched while you work with the items of this one. After an error it continues or ends as the stream
/// does: see [`Pager`].
///
/// Inside a runtime, where nothing can be read, the one item is the error that says so, and then the iterator has ended for
/// good, also outside the runtime: a loop that only counts errors ends too. Nothing was requested.
#[must_use = "iterators do nothing unless asked"]
pub struct Blocking<S> {
    client: OktaClient,
    /// `None` after an error that would be returned forever.
    stream: Option<S>,
}

impl<S> Blocking<S> {
    pub(crate) fn new(client: OktaClient, stream: S) -> Self {
        Self {
            client,
            stream: Some(stream),
        }
    }
}

impl<T, S: Stream<Item = Result<T, Error>> + Unpin> Iterator for Blocking<S> {
    type Item = Result<T, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        match self.client.block_on(self.stream.as_mut()?.next()) {
            Ok(item) => item,
            Err(error) => {
                self.stream = None;
                Some(Err(error))
            }
        }
    }
}

/// After `None` it stays at its end, because the streams do.
impl<T, S: Stream<Item = Result<T, Error>> + Unpin> FusedIterator for Blocking<S> {}

impl<S> fmt::Debug for Blocking<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Blocking").finish_non_exhaustive()
    }
}

impl<T: 'static, F: ItemFormat<T>> Pager<T, F> {
    /// The items as an iterator, without a runtime: see [`blocking`](crate::blocking).
    pub fn call(self) -> Blocking<Self> {
        Blocking::new(self.client().clone(), self)
    }
}

impl<T: 'static, F: ItemFormat<T>> Pages<T, F> {
    /// The pages as an iterator, without a runtime: see [`blocking`](crate::blocking).
    pub fn call(self) -> Blocking<Self> {
        Blocking::new(self.client().clone(), self)
    }
}
