use std::{borrow::Cow, fmt, time::Duration};

use crate::{error::timeout_error::TimeoutError, headers::rate_limit::RateLimit, request::deadline::Deadline};

/// A request would have to wait for its rate limit longer than its [`Deadline`] allows, so it was not sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RateLimitWaitError {
    pub(super) bucket: Cow<'static, str>,
    pub(super) rate_limit: RateLimit,
    pub(super) opens_in: Duration,
    pub(super) left: Duration,
    pub(super) deadline: Deadline,
}

impl RateLimitWaitError {
    /// The name of the bucket that is used up.
    #[must_use]
    pub fn bucket(&self) -> &str {
        &self.bucket
    }

    /// The state of the bucket, as far as it is known.
    #[must_use]
    pub const fn rate_limit(&self) -> RateLimit {
        self.rate_limit
    }

    /// How long the request would have had to wait.
    #[must_use]
    pub const fn retry_after(&self) -> Duration {
        self.opens_in
    }

    /// The total timeout that is too short for it.
    #[must_use]
    pub const fn timeout(&self) -> TimeoutError {
        self.deadline.error()
    }
}

impl fmt::Display for RateLimitWaitError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { bucket, rate_limit, .. } = self;
        write!(
            formatter,
            "the rate limit of {bucket} ({} requests a window, {} left) opens again in {:.1}s, but the call has only {:.1}s \
             left of its total timeout of {:?}; it was not sent",
            rate_limit.limit,
            rate_limit.remaining,
            self.opens_in.as_secs_f64(),
            self.left.as_secs_f64(),
            self.deadline.limit(),
        )
    }
}

impl std::error::Error for RateLimitWaitError {}
