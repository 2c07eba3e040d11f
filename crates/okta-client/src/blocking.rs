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
//! The client starts a runtime of its own with the first such call, shares it among all its clones, and has no thread for
//! it: the calling thread does the work. Where a runtime is there already (in an `async fn`, in `spawn_blocking`),
//! blocking would stop it, so a call is an error that says so; use `.await` there, or `Handle::block_on`.

use std::{fmt, future::Future, io, sync::OnceLock};

use futures_core::Stream;
use futures_util::StreamExt;
use okta_transport::Operation;
use tokio::runtime::{Builder, Handle, Runtime};

use crate::{Error, OktaClient, error::InvalidRequest};

/// The runtime of a client, once it has been needed.
#[derive(Default)]
pub(crate) struct OwnRuntime(OnceLock<Runtime>);

impl OwnRuntime {
    fn get(&self) -> Result<&Runtime, io::Error> {
        if let Some(runtime) = self.0.get() {
            return Ok(runtime);
        }
        let runtime = Builder::new_current_thread().enable_all().build()?;
        // Where two threads were equally fast, one of the two is dropped unused.
        Ok(self.0.get_or_init(|| runtime))
    }
}

impl Drop for OwnRuntime {
    /// The last clone may be dropped inside another runtime, where waiting for the end of this one would panic.
    fn drop(&mut self) {
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}

impl OktaClient {
    /// Waits for anything that is made of this client's calls: a [`Tail`](crate::Tail), a [`Bulk`](crate::Bulk), several
    /// calls at a time.
    ///
    /// # Errors
    /// [`Error`] where a runtime is there already, or none can be started.
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
/// Behind an error the list may go on, as the stream does; where no runtime can be used the error is the end.
#[must_use = "iterators do nothing unless asked"]
pub struct Blocking<S> {
    client: OktaClient,
    /// `None` behind an error that would come for ever.
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
