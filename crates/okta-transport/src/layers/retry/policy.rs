use std::{
    error::Error,
    fmt,
    sync::Arc,
    time::{Duration, SystemTime},
};

use http::{HeaderMap, Method, StatusCode};

use crate::request::operation::{Idempotency, Operation};

/// Decides what follows an attempt: whether its outcome is final or the request is retried, and after which delay.
///
/// A policy only judges. [`RetryLayer`](crate::retry::RetryLayer) always enforces the number of retries, the longest
/// delay, the deadline and the budget, and repeats no streamed body. So a custom policy can be as short as
/// one condition before [`DefaultRetryPolicy`](crate::retry::DefaultRetryPolicy):
///
/// ```
/// use std::time::Duration;
/// use http::StatusCode;
/// use okta_transport::retry::{DefaultRetryPolicy, RetryDecision, RetryLayer, RetryOutcome, RetryPolicy, RetryState};
///
/// /// Repeats a read that was answered with 500, too.
/// #[derive(Debug)]
/// struct RetryServerErrors(DefaultRetryPolicy);
///
/// impl RetryPolicy for RetryServerErrors {
///     fn decide(&self, state: &RetryState<'_>, outcome: RetryOutcome<'_>) -> RetryDecision {
///         match outcome.status() {
///             Some(StatusCode::INTERNAL_SERVER_ERROR) if state.method.is_safe() => {
///                 RetryDecision::Retry(Duration::from_secs(2))
///             }
///             _ => self.0.decide(state, outcome),
///         }
///     }
/// }
///
/// let layer = RetryLayer::new().policy(RetryServerErrors(DefaultRetryPolicy::new())).max_retries(4);
/// ```
pub trait RetryPolicy: fmt::Debug + Send + Sync + 'static {
    /// Judges the outcome of an attempt. It is asked after every attempt, a successful one included.
    fn decide(&self, state: &RetryState<'_>, outcome: RetryOutcome<'_>) -> RetryDecision;
}

impl<P: RetryPolicy + ?Sized> RetryPolicy for Arc<P> {
    fn decide(&self, state: &RetryState<'_>, outcome: RetryOutcome<'_>) -> RetryDecision {
        (**self).decide(state, outcome)
    }
}

/// The state of a call when one of its attempts has ended.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct RetryState<'a> {
    /// How many attempts were made, the one that has just ended included: 1 after the first.
    pub attempts: u32,
    /// How long ago the first attempt began.
    pub elapsed: Duration,
    /// When the outcome was there, by this machine's date.
    pub received: SystemTime,
    /// Whether the request may be retried when it is unknown if it was carried out: by the call's
    /// [`CallOptions`](crate::CallOptions), else by its operation, else by its method.
    pub idempotency: Idempotency,
    /// The method of the request.
    pub method: &'a Method,
    /// The operation of the request; `None` for a raw call.
    pub operation: Option<&'static Operation>,
}

/// What an attempt has come to.
#[derive(Clone, Copy, Debug)]
pub enum RetryOutcome<'a> {
    /// A response with any status.
    Response {
        /// Its status.
        status: StatusCode,
        /// Its headers.
        headers: &'a HeaderMap,
    },
    /// An error. Its causes are among its [sources](Error::source).
    Error(&'a (dyn Error + 'static)),
}

impl RetryOutcome<'_> {
    /// The status of the response, if there is one.
    #[must_use]
    pub fn status(&self) -> Option<StatusCode> {
        match self {
            Self::Response { status, .. } => Some(*status),
            Self::Error(_) => None,
        }
    }
}

/// What a [`RetryPolicy`] wants to be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RetryDecision {
    /// The outcome is final.
    GiveUp,
    /// Something has failed: retry the request after this delay, if the [`RetryBudget`](crate::retry::RetryBudget) has
    /// something left for it.
    Retry(Duration),
    /// The server has refused the request in good order, as with 429: send it again after this wait. That costs the
    /// server little, so it does not draw on the budget.
    RetryRefused(Duration),
    /// The server has refused the request because it is busy with others at the moment, as with 423: send it again
    /// after this wait. How often that happens depends on how many others there are, so it is limited by time
    /// ([`busy_patience`](crate::retry::RetryLayer::busy_patience)) before it counts as [`RetryRefused`](Self::RetryRefused).
    RetryBusy(Duration),
}
