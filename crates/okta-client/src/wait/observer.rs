//! Reports of a tail or a wait about what it waits for.

use std::{fmt, sync::Arc, time::Duration};

use okta_transport::Operation;

use crate::error::Error;

/// From this failure in a row on, the log event is a warning.
const WARN_FROM: u32 = 3;

/// What a [`Tail`](crate::Tail) or a [`Wait`](crate::Wait) waits for: the argument of the closure given to
/// [`Tail::on_wait`](crate::Tail::on_wait) or [`Wait::on_wait`](crate::Wait::on_wait).
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Waiting<'a> {
    /// Why it waits.
    pub reason: WaitReason,
    /// How long it takes until the next request.
    pub delay: Duration,
    /// How many requests in a row have ended for this reason, the last one included.
    pub attempts: u32,
    /// How long it has waited so far: a wait since its beginning, a tail since it last received events.
    pub waited: Duration,
    /// The error of the last request, if it failed.
    pub error: Option<&'a Error>,
}

/// Why a tail or a wait waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum WaitReason {
    /// A rate limit is exceeded. The delay is at least what Okta asks for.
    RateLimited,
    /// The last request failed, and another one may succeed: no connection, a timeout, a 5xx.
    Failed,
    /// The log has no further events for now.
    NothingNew,
    /// The condition is not met yet: the resource is not there, is not in the wanted state, or is not gone.
    ConditionNotMet,
}

impl WaitReason {
    pub(crate) fn of(error: &Error) -> Self {
        if error.is_rate_limited() {
            Self::RateLimited
        } else {
            Self::Failed
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::RateLimited => "rate limited",
            Self::Failed => "failed",
            Self::NothingNew => "nothing new",
            Self::ConditionNotMet => "condition not met",
        }
    }
}

impl fmt::Display for WaitReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The user's closure, if there is one.
#[derive(Clone, Default)]
pub(crate) struct Observer(Option<Arc<Report>>);

type Report = dyn Fn(&Waiting<'_>) + Send + Sync;

impl Observer {
    pub(crate) fn new(report: impl Fn(&Waiting<'_>) + Send + Sync + 'static) -> Self {
        Self(Some(Arc::new(report)))
    }

    /// Calls the closure, and emits an event of `tracing`: at level debug if nothing is wrong, info after a failure, warn
    /// after several in a row.
    pub(crate) fn report(&self, operation: Option<&'static Operation>, waiting: &Waiting<'_>) {
        log(operation, waiting);
        if let Some(report) = &self.0 {
            report(waiting);
        }
    }
}

fn log(operation: Option<&'static Operation>, waiting: &Waiting<'_>) {
    let error = waiting.error;
    let operation = operation.or_else(|| error.and_then(Error::operation));
    macro_rules! event {
        ($level:ident) => {
            tracing::$level!(
                operation = operation.map(|operation| operation.id),
                reason = waiting.reason.name(),
                delay = ?waiting.delay,
                attempts = waiting.attempts,
                waited = ?waiting.waited,
                error = error.map(kind),
                status = error.and_then(Error::status).map(|status| status.as_u16()),
                request_id = error.and_then(Error::request_id),
                "waiting for the next request"
            )
        };
    }
    match waiting.reason {
        WaitReason::NothingNew | WaitReason::ConditionNotMet => event!(debug),
        _ if waiting.attempts < WARN_FROM => event!(info),
        _ => event!(warn),
    }
}

/// What kind of error it is. Its text may quote an address, a header or a body if another crate has made it.
fn kind(error: &Error) -> &'static str {
    if error.is_rate_limited() {
        "rate limited"
    } else if error.is_api() {
        "error response"
    } else if error.is_timeout() {
        "timeout"
    } else if error.is_auth() {
        "no credentials"
    } else if error.is_connect() {
        "no connection"
    } else {
        "connection interrupted"
    }
}

impl fmt::Debug for Observer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_some() { "Observer" } else { "None" })
    }
}
