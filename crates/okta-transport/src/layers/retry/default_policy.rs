use std::{error::Error, fmt, sync::Arc, time::Duration};

use http::{HeaderMap, StatusCode};

use super::policy::{RetryDecision, RetryOutcome, RetryPolicy, RetryState};
use super::{
    backoff::{Backoff, part_of},
    failure::FailureKind,
};
use crate::headers::retry_after::plausible_retry_after;
use crate::{headers::rate_limit::RateLimit, request::operation::Idempotency};

/// The longest random delay on top of what the server asks for, so that waiting requests do not come at the same time.
const JITTER: Duration = Duration::from_secs(1);

/// What is repeated unless you say otherwise, and after which wait.
///
/// | Outcome | Repeated | Wait |
/// |---|---|---|
/// | 429 | always: the request was refused | until the earliest `X-Rate-Limit-Reset` by the server's `Date`, and a second; or `Retry-After`, if that is longer; and up to a second more. Without usable headers the backoff |
/// | 429 of the concurrency limit | always, for as long as the layer's [patience](crate::retry::RetryLayer::busy_patience) lasts | 50 ms to 0.5 s, doubling up to 5 s; or until `X-Rate-Limit-Reset` by the server's `Date`, if that is no more than 5 s away, or `Retry-After`, if that is longer, and up to a quarter more |
/// | 423: something else is being changed, such as the priorities of policies | always, for as long as the patience lasts | 50 ms to 0.5 s, doubling up to 5 s, or `Retry-After` |
/// | no connection; HTTP/2 says that the request was not processed | always: the request was not sent | the backoff |
/// | 502, 503, 504 | if idempotent | the backoff, or `Retry-After`, if that is longer |
/// | connection or body broken, attempt timeout, body idle timeout | if idempotent | the backoff |
/// | anything else | never | |
///
/// The backoff is 0.1 to 1 s after the first attempt, 0.1 to 2 s after the second, and so on up to a minute. A header
/// that asks for more than an hour is taken for garbage. What TLS objects to, such as a certificate that is not
/// trusted, is not repeated.
///
/// Okta describes its responses at <https://developer.okta.com/docs/reference/rl-best-practices/>. The connection was not
/// there where the error has a [`ConnectError`](crate::ConnectError) or a connect [`TimeoutError`](crate::TimeoutError)
/// among its sources; it broke where there is one of `std::io` or hyper that says so.
#[derive(Clone)]
pub struct DefaultRetryPolicy {
    backoff: Backoff,
    concurrency_backoff: Backoff,
    random: Arc<dyn Fn() -> f64 + Send + Sync>,
}

impl DefaultRetryPolicy {
    /// The policy as described above.
    #[must_use]
    pub fn new() -> Self {
        Self {
            backoff: Backoff {
                base: Duration::from_secs(1),
                cap: Duration::from_secs(60),
            },
            concurrency_backoff: Backoff {
                base: Duration::from_millis(500),
                cap: Duration::from_secs(5),
            },
            random: Arc::new(fastrand::f64),
        }
    }

    /// Sets the longest wait after the first attempt, which doubles with each further one, and where that ends. The
    /// defaults are one second and one minute.
    #[must_use]
    pub fn backoff(mut self, base: Duration, cap: Duration) -> Self {
        self.backoff = Backoff { base, cap };
        self
    }

    /// The same for a 429 of the concurrency limit and for a 423. The defaults are half a second and five seconds.
    #[must_use]
    pub fn concurrency_backoff(mut self, base: Duration, cap: Duration) -> Self {
        self.concurrency_backoff = Backoff { base, cap };
        self
    }

    /// Takes chance from here: numbers between 0 and 1, for a test that wants to know each wait beforehand.
    #[must_use]
    pub fn random(mut self, random: impl Fn() -> f64 + Send + Sync + 'static) -> Self {
        self.random = Arc::new(random);
        self
    }

    fn after_rate_limit(&self, state: &RetryState<'_>, headers: &HeaderMap) -> RetryDecision {
        if RateLimit::from_headers(headers).is_some_and(|limit| limit.is_of_concurrency()) {
            // The reset is a guess here. One that is far away is the end of the window, and says nothing of this limit.
            let until = RateLimit::reset_less_date(headers, Some(state.received));
            return self.while_busy(
                state,
                headers,
                until.filter(|until| *until <= self.concurrency_backoff.cap),
            );
        }
        let reset = RateLimit::until_reset(headers, Some(state.received));
        let delay = reset.max(plausible_retry_after(headers, state.received));
        RetryDecision::RetryRefused(match delay {
            Some(delay) => self.spread(delay),
            None => self.backoff.wait(state.attempts, (self.random)()),
        })
    }

    /// There may be room at any moment, but not before the server expects it.
    fn while_busy(&self, state: &RetryState<'_>, headers: &HeaderMap, until: Option<Duration>) -> RetryDecision {
        let backoff = self.concurrency_backoff.wait(state.attempts, (self.random)());
        let delay = until
            .max(plausible_retry_after(headers, state.received))
            .unwrap_or_default();
        let spread = part_of((delay / 4).min(JITTER), (self.random)());
        RetryDecision::RetryBusy(backoff.max(delay + spread))
    }

    fn after_failure(&self, state: &RetryState<'_>, headers: Option<&HeaderMap>) -> RetryDecision {
        let backoff = self.backoff.wait(state.attempts, (self.random)());
        let delay = headers.and_then(|headers| plausible_retry_after(headers, state.received));
        RetryDecision::Retry(delay.map_or(backoff, |delay| self.spread(delay).max(backoff)))
    }

    fn after_error(&self, state: &RetryState<'_>, error: &(dyn Error + 'static)) -> RetryDecision {
        match FailureKind::of(error) {
            FailureKind::NotSent | FailureKind::NameLookup => self.after_failure(state, None),
            FailureKind::Interrupted if may_be_repeated(state) => self.after_failure(state, None),
            FailureKind::Interrupted | FailureKind::Permanent | FailureKind::Unknown => RetryDecision::GiveUp,
        }
    }

    /// Never earlier than the server asks for.
    fn spread(&self, delay: Duration) -> Duration {
        delay + part_of(JITTER, (self.random)())
    }
}

fn may_be_repeated(state: &RetryState<'_>) -> bool {
    matches!(state.idempotency, Idempotency::Safe | Idempotency::Idempotent)
}

impl RetryPolicy for DefaultRetryPolicy {
    fn decide(&self, state: &RetryState<'_>, outcome: RetryOutcome<'_>) -> RetryDecision {
        match outcome {
            RetryOutcome::Response { status, headers } => match status {
                StatusCode::TOO_MANY_REQUESTS => self.after_rate_limit(state, headers),
                StatusCode::LOCKED => self.while_busy(state, headers, None),
                StatusCode::BAD_GATEWAY | StatusCode::SERVICE_UNAVAILABLE | StatusCode::GATEWAY_TIMEOUT
                    if may_be_repeated(state) =>
                {
                    self.after_failure(state, Some(headers))
                }
                _ => RetryDecision::GiveUp,
            },
            RetryOutcome::Error(error) => self.after_error(state, error),
        }
    }
}

impl Default for DefaultRetryPolicy {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for DefaultRetryPolicy {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("DefaultRetryPolicy")
            .field("backoff", &self.backoff)
            .field("concurrency_backoff", &self.concurrency_backoff)
            .finish_non_exhaustive()
    }
}
