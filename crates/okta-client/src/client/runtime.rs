//! The runtime of calls without `async`.

use std::{
    future::Future,
    io,
    sync::{Mutex, OnceLock, PoisonError},
};

use okta_transport::Operation;
use tokio::runtime::{Builder, Handle, Runtime};

use crate::error::{Error, RequestError};

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

impl OwnRuntime {
    /// Waits for `future` on this thread; `operation` is named in the error.
    pub(crate) fn block_on<F: Future>(
        &self,
        operation: Option<&'static Operation>,
        future: F,
    ) -> Result<F::Output, Error> {
        if Handle::try_current().is_ok() {
            return Err(Error::invalid_request(operation, RequestError::blocking_in_runtime()));
        }
        match self.get() {
            Ok(runtime) => Ok(runtime.block_on(future)),
            Err(error) => Err(Error::invalid_request(operation, RequestError::no_runtime(&error))),
        }
    }
}
