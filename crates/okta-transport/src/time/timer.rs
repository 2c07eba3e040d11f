use std::{
    fmt,
    future::Future,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
    time::Duration,
};

use okta_auth::{BoxFuture, Clock};

use super::clock::TokioClock;
use crate::error::timeout_error::TimeoutError;

/// How long something may take, and by which clock: what the layers with a timeout are made of.
#[derive(Clone, Debug)]
pub(crate) struct Limit {
    pub(crate) after: Option<Duration>,
    pub(crate) clock: Arc<dyn Clock>,
}

impl Limit {
    /// By tokio's time.
    pub(crate) fn new(after: impl Into<Option<Duration>>) -> Self {
        Self {
            after: after.into(),
            clock: Arc::new(TokioClock),
        }
    }
}

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

/// Ready with the error of a timer that has fired. A layer asks before it polls what it limits: work whose time is over
/// must not begin, and work that is never idle must not keep the timer from being looked at.
pub(crate) fn poll_fired(timer: &mut Option<Timer>, context: &mut Context<'_>) -> Poll<TimeoutError> {
    match timer {
        Some(timer) => Pin::new(timer).poll(context),
        None => Poll::Pending,
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
