//! Futures that progress without being polled by their owner.

use std::{
    any::Any,
    future::Future,
    panic::AssertUnwindSafe,
    pin::Pin,
    task::{Context, Poll, ready},
};

use futures_util::FutureExt;
use tokio::{
    runtime::{Handle, Id},
    task::JoinHandle,
};
use tracing::instrument::{Instrument, WithSubscriber};

use crate::request::fresh;

/// A future that runs as a task of the tokio runtime on which it was started, in the tracing span of its owner. Dropping it
/// aborts the task.
///
/// A request holds permits and a connection while it runs. An owner that polls something else meanwhile, or never comes
/// back, must not keep others from getting them. Without a runtime the owner drives the future when it polls.
pub(crate) enum Background<T> {
    Task(Task<T>),
    Driven(Driven<T>),
}

type Driven<T> = Pin<Box<dyn Future<Output = T> + Send>>;

/// Why the output is missing.
pub(crate) enum Lost {
    /// The future panicked; this is the panic's payload.
    Panicked(Box<dyn Any + Send>),
    /// The runtime was shut down first.
    ShutDown,
}

pub(crate) struct Task<T> {
    handle: JoinHandle<T>,
    runtime: Id,
}

impl<T: Send + 'static> Background<T> {
    /// Starts the future: now as a task, or without a runtime when it is polled.
    pub(crate) fn start(future: impl Future<Output = T> + Send + 'static) -> Self {
        let Ok(runtime) = Handle::try_current() else {
            return Self::Driven(Box::pin(future));
        };
        let is_fresh = fresh::is_set();
        let task = async move {
            if is_fresh {
                fresh::set(future).await
            } else {
                future.await
            }
        };
        Self::Task(Task {
            handle: runtime.spawn(task.in_current_span().with_current_subscriber()),
            runtime: runtime.id(),
        })
    }

    /// Leaves the future to be driven by the owner.
    pub(crate) fn driven(future: impl Future<Output = T> + Send + 'static) -> Self {
        Self::Driven(Box::pin(future))
    }
}

impl<T> Background<T> {
    /// Returns true if the task has not ended and belongs to another runtime than the one the caller is polled on. That
    /// runtime may not run any more.
    pub(crate) fn is_elsewhere(&self) -> bool {
        match self {
            Self::Task(task) if !task.handle.is_finished() => {
                Handle::try_current().is_ok_and(|current| current.id() != task.runtime)
            }
            _ => false,
        }
    }

    /// The output. It must not be polled again after that.
    pub(crate) fn poll(&mut self, context: &mut Context<'_>) -> Poll<Result<T, Lost>> {
        Poll::Ready(match self {
            Self::Task(task) => {
                ready!(Pin::new(&mut task.handle).poll(context)).map_err(|error| match error.try_into_panic() {
                    Ok(payload) => Lost::Panicked(payload),
                    Err(_) => Lost::ShutDown,
                })
            }
            Self::Driven(future) => {
                let mut future = AssertUnwindSafe(future.as_mut()).catch_unwind();
                ready!(future.poll_unpin(context)).map_err(Lost::Panicked)
            }
        })
    }
}

/// Returns true if [`Background::start`] starts tasks here.
pub(crate) fn has_runtime() -> bool {
    Handle::try_current().is_ok()
}

impl<T> Drop for Task<T> {
    fn drop(&mut self) {
        self.handle.abort();
    }
}
