//! A future that makes progress without being polled by its owner.

use std::{
    future::Future,
    io,
    pin::Pin,
    task::{Context, Poll, ready},
};

use okta_auth::BoxFuture;
use tokio::{runtime::Handle, task::JoinHandle};
use tower::BoxError;
use tracing::{Instrument, instrument::WithSubscriber};

/// A task of the caller's runtime, or the future itself where there is none. Dropped, it ends.
///
/// Without a runtime the future gets on only while it is polled.
pub(super) enum Background<T> {
    Task(JoinHandle<T>),
    Here(BoxFuture<'static, T>),
}

impl<T: Send + 'static> Background<T> {
    /// Begins to run `future` on this runtime.
    pub(super) fn new(runtime: Option<&Handle>, future: impl Future<Output = T> + Send + 'static) -> Self {
        match runtime {
            Some(runtime) => Self::Task(runtime.spawn(future.in_current_span().with_current_subscriber())),
            None => Self::Here(Box::pin(future)),
        }
    }
}

impl<T> Future for Background<T> {
    type Output = Result<T, BoxError>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let task = match self.get_mut() {
            Self::Task(task) => task,
            Self::Here(future) => return future.as_mut().poll(context).map(Ok),
        };
        Poll::Ready(match ready!(Pin::new(task).poll(context)) {
            Ok(output) => Ok(output),
            Err(error) => match error.try_into_panic() {
                // It would have unwound through the caller without the task too.
                Ok(panic) => std::panic::resume_unwind(panic),
                Err(_) => Err(io::Error::new(
                    io::ErrorKind::ConnectionAborted,
                    "the runtime that sent the request was shut down",
                )
                .into()),
            },
        })
    }
}

impl<T> Drop for Background<T> {
    fn drop(&mut self) {
        if let Self::Task(task) = self {
            task.abort();
        }
    }
}
