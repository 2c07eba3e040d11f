use std::time::{Duration, Instant};

use http::Extensions;

use crate::error::timeout_error::{TimeoutError, TimeoutKind};

/// When a call has to be finished: an entry of the request's [`Extensions`].
///
/// A layer that waits (between two attempts, for a free place) reads it and does not begin a wait that would last past
/// it. Put one into a request yourself to give several calls a common end; the earliest deadline counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Deadline {
    at: Instant,
    limit: Duration,
}

impl Deadline {
    /// A limit that began to run at `start`, or `None` if it ends later than the clock can say.
    #[must_use]
    pub fn new(start: Instant, limit: Duration) -> Option<Self> {
        start.checked_add(limit).map(|at| Self { at, limit })
    }

    /// The deadline of a request with these extensions.
    #[must_use]
    pub fn of(extensions: &Extensions) -> Option<Self> {
        extensions.get().copied()
    }

    pub(crate) const fn at(&self) -> Instant {
        self.at
    }

    /// How much time is left at the moment `now`: zero if none is.
    #[must_use]
    pub fn remaining(&self, now: Instant) -> Duration {
        self.at.saturating_duration_since(now)
    }

    /// The whole time the call was given.
    #[must_use]
    pub const fn limit(&self) -> Duration {
        self.limit
    }

    /// The error for a call that is not finished in time.
    #[must_use]
    pub const fn error(&self) -> TimeoutError {
        TimeoutError::new(TimeoutKind::Total, self.limit)
    }
}
