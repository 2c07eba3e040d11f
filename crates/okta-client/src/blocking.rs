//! Calls without `async`: for programs, scripts and threads that have no runtime.
//!
//! Every builder has a [`call`](crate::api::users::ListUsers::call) beside `.await`, and so have the streams of items and of
//! pages, which then are iterators. [`OktaClient::block_on`] waits for anything else.
//!
//! ```no_run
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

use std::{
    fmt,
    future::Future,
    io,
    sync::{Mutex, OnceLock, PoisonError},
};

use futures_core::Stream;
use futures_util::StreamExt;
use okta_transport::Operation;
use tokio::runtime::{Builder, Handle, Runtime};

use crate::{Error, OktaClient, error::InvalidRequest};

/// The runtime of a client, which is started when it is first needed.
#[derive(Default)]
pub(crate) struct OwnRuntime {
    runtime: OnceLock<Runtime>,
    starting: Mutex<()>,
}

impl OwnRuntime {
    fn get(&self) -> Result<&Runtime, io::Error> {
        if let Some(runtime) = self.runtime.get() {
            return Ok(runtime);
        }
        // One thread starts it, and the others wait for that.
        let _starting = self.starting.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(runtime) = self.runtime.get() {
            return Ok(runtime);
        }
        let runtime = Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name("okta-client")
            .enable_all()
            .build()?;
        Ok(self.runtime.get_or_init(|| runtime))
    }
}

impl Drop for OwnRuntime {
    /// The last clone may be dropped inside a runtime, this one included. Waiting for the end there would panic.
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

impl OktaClient {
    /// Waits for anything that is made of this client's calls: a [`Tail`](crate::Tail), a [`Bulk`](crate::Bulk), several
    /// calls at a time.
    ///
    /// # Errors
    /// [`Error`] if the thread is inside a runtime, or no runtime can be started.
    pub fn block_on<F: Future>(&self, future: F) -> Result<F::Output, Error> {
        self.block_on_call(None, future)
    }

    pub(crate) fn block_on_call<F: Future>(
        &self,
        operation: Option<&'static Operation>,
        future: F,
    ) -> Result<F::Output, Error> {
        if Handle::try_current().is_ok() {
            return Err(Error::invalid_request(operation, InvalidRequest::blocking_in_runtime()));
        }
        match self.own_runtime().get() {
            Ok(runtime) => Ok(runtime.block_on(future)),
            Err(error) => Err(Error::invalid_request(operation, InvalidRequest::no_runtime(&error))),
        }
    }
}

/// The items or the pages of a list, one after another without `async`; `call()` on the stream makes it.
///
/// The next page is fetched while you work with the items of this one. After an error it continues or ends as the stream
/// does: see [`Pager`](crate::Pager). If no runtime can be used, the error is the end.
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

impl<S> fmt::Debug for Blocking<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Blocking").finish_non_exhaustive()
    }
}
