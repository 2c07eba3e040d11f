use std::{fmt, time::Duration};

/// A call took longer than it was allowed to. It says which of the limits has passed and how long that one is.
///
/// Whether Okta has carried the request out is unknown, unless it was [not sent](Self::is_unsent).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimeoutError {
    kind: TimeoutKind,
    limit: Duration,
    is_unsent: bool,
}

/// Which limit has passed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TimeoutKind {
    /// No connection was there in time. The request was not sent. If it should go through a proxy, this error is the
    /// source of a [`ConnectError`](crate::ConnectError) that names it.
    Connect,
    /// The headers of the response to one attempt did not come in time.
    Attempt,
    /// No byte of the response's body came for so long.
    BodyIdle,
    /// The whole call, with all its attempts and waits and the reading of the body, was not finished in time.
    Total,
}

impl TimeoutError {
    /// The limit of this kind has passed.
    #[must_use]
    pub const fn new(kind: TimeoutKind, limit: Duration) -> Self {
        Self {
            kind,
            limit,
            is_unsent: matches!(kind, TimeoutKind::Connect),
        }
    }

    /// The same limit has passed before anything was sent.
    #[must_use]
    pub(crate) const fn unsent(mut self) -> Self {
        self.is_unsent = true;
        self
    }

    /// Returns true if the request was not sent, so Okta has not carried it out: there was no connection, or the call was held back
    /// until its time was over, by a rate limit for example. False if it was sent or nothing is known.
    #[must_use]
    pub const fn is_unsent(&self) -> bool {
        self.is_unsent
    }

    /// Which limit has passed.
    #[must_use]
    pub const fn kind(&self) -> TimeoutKind {
        self.kind
    }

    /// How long that limit is.
    #[must_use]
    pub const fn limit(&self) -> Duration {
        self.limit
    }
}

impl fmt::Display for TimeoutError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let limit = self.limit;
        match self.kind {
            TimeoutKind::Connect => write!(formatter, "no connection within the connect timeout of {limit:?}"),
            TimeoutKind::Attempt => write!(formatter, "no response within the attempt timeout of {limit:?}"),
            TimeoutKind::BodyIdle => write!(
                formatter,
                "no byte of the response's body within the body idle timeout of {limit:?}"
            ),
            TimeoutKind::Total => write!(
                formatter,
                "the call was not finished within the total timeout of {limit:?}{}",
                if self.is_unsent { "; it was not sent" } else { "" }
            ),
        }
    }
}

impl std::error::Error for TimeoutError {}
