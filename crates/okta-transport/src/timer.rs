use std::{
    fmt,
    future::Future,
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};

use okta_auth::BoxFuture;

use crate::{Clock, TimeoutError};

/// A limit that is running: completes with its error once the limit has passed.
pub(crate) struct Timer {
    /// `None` once it has completed: it must not be polled again, while a timer may be.
    sleep: Option<BoxFuture<'static, ()>>,
    error: TimeoutError,
}

impl Timer {
    /// Fires with `error` after `remaining`, which is less than the limit itself if that began to run earlier.
    pub(crate) fn new(clock: &dyn Clock, remaining: Duration, error: TimeoutError) -> Self {
        Self {
            sleep: Some(clock.sleep(remaining)),
            error,
        }
    }
}

impl Future for Timer {
    type Output = TimeoutError;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<TimeoutError> {
        if let Some(sleep) = &mut self.sleep {
            ready!(sleep.as_mut().poll(context));
            self.sleep = None;
        }
        Poll::Ready(self.error)
    }
}

impl fmt::Debug for Timer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Timer")
            .field("error", &self.error)
            .finish_non_exhaustive()
    }
}
