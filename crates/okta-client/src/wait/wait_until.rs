//! Waiting for what Okta does in its own time.

use std::{
    future::{Future, IntoFuture},
    pin::pin,
    sync::Arc,
    time::Duration,
};

use futures_util::future::{Either, select};
use okta_transport::{Clock, TokioClock};

use super::{
    backoff::Backoff,
    failure_tracker::{FailureTracker, asked_delay},
    observer::{Observer, WaitReason, Waiting},
    wait_error::WaitError,
};
use crate::{client::OktaClient, error::Error, request::fresh};

impl OktaClient {
    /// How to wait for what Okta does in its own time, by this client's clock.
    pub fn wait(&self) -> Wait {
        Wait::new().clock(Arc::clone(self.clock()))
    }
}

/// Repeats a request until its result is as wanted: see [`Wait::until`]; for a minute at most, with growing delays between.
///
/// [`Wait`] sets the limits and observes what happens meanwhile.
///
/// ```no_run
/// # async fn doc(okta: okta_client::OktaClient) -> Result<(), Box<dyn std::error::Error>> {
/// use okta_client::wait_until;
///
/// let rule = wait_until(|| okta.group_rules().get("0pr1"), |rule| rule.status.is_some()).await?;
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// As [`Wait::until`].
///
/// # Cancel safety
/// Dropping the future ends the waiting and abandons the request under way.
pub async fn wait_until<T, F>(poll: impl FnMut() -> F, condition: impl FnMut(&T) -> bool) -> Result<T, WaitError>
where
    F: IntoFuture<Output = Result<T, Error>>,
{
    Wait::new().until(poll, condition).await
}

/// How to wait for what Okta does in its own time: a deletion that continues after the response, a user who is created but
/// not yet found, a rule that takes effect.
///
/// Every request asks Okta: the cache is never read, whatever the closure returns (a builder, an `async` block with several
/// calls, a list, a [`bulk`](crate::bulk())). Only in tasks that the closure spawns itself, set
/// [`CacheMode::Refresh`](okta_transport::CacheMode::Refresh).
///
/// What happens meanwhile is reported to the closure given to [`on_wait`](Self::on_wait), and as events of `tracing`: at
/// level debug while the condition is not met, info after a failure, warn after three failures in a row.
///
/// ```no_run
/// # async fn doc(okta: okta_client::OktaClient) -> Result<(), Box<dyn std::error::Error>> {
/// use std::time::Duration;
///
/// okta.apps().delete("0oa1").await?;
/// okta.wait().deadline(Duration::from_secs(300)).until_gone(|| okta.apps().get("0oa1")).await?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
#[must_use = "nothing is waited for before `until` or `until_gone`"]
pub struct Wait {
    backoff: Backoff,
    deadline: Option<Duration>,
    clock: Arc<dyn Clock>,
    observer: Observer,
}

impl Default for Wait {
    fn default() -> Self {
        Self::new()
    }
}

impl Wait {
    /// A wait with delays of 1 s, then twice as long each time up to 15 s, for a minute altogether. It takes the time from
    /// tokio's clock, [`OktaClient::wait`](crate::OktaClient::wait) from the client's.
    pub fn new() -> Self {
        Self {
            backoff: Backoff::new(Duration::from_secs(1), Duration::from_secs(15)),
            deadline: Some(Duration::from_secs(60)),
            clock: Arc::new(TokioClock),
            observer: Observer::default(),
        }
    }

    /// Sets the delay before the second request; 1 s unless set.
    pub fn initial_delay(mut self, wait: Duration) -> Self {
        self.backoff.initial = wait;
        self
    }

    /// Sets the longest delay between two requests; 15 s unless set. The server may ask for a longer one.
    pub fn max_delay(mut self, wait: Duration) -> Self {
        self.backoff.max = wait;
        self
    }

    /// Sets how long to wait altogether, a minute unless set; `None` is forever. A request that is under way then is
    /// abandoned.
    pub fn deadline(mut self, limit: impl Into<Option<Duration>>) -> Self {
        self.deadline = limit.into();
        self
    }

    /// Takes the time from this clock; for tests.
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    /// Calls this closure each time before a delay, with the reason and the length of the delay.
    ///
    /// ```no_run
    /// # async fn doc(okta: okta_client::OktaClient) -> Result<(), Box<dyn std::error::Error>> {
    /// let wait = okta.wait().on_wait(|waiting| eprintln!("{}, next request in {:?}", waiting.reason, waiting.delay));
    /// wait.until_gone(|| okta.apps().get("0oa1")).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn on_wait(mut self, report: impl Fn(&Waiting<'_>) + Send + Sync + 'static) -> Self {
        self.observer = Observer::new(report);
        self
    }

    /// Repeats a request until its result is as wanted, and returns that result.
    ///
    /// A 404 means "not there yet". A failure that may pass (a broken connection, a timeout, 429, 5xx) is waited out, at least
    /// as long as the server asks for.
    ///
    /// # Errors
    /// [`WaitError::Failed`] with any other error: one of Okta's, or a failure that another attempt does not change (a
    /// certificate that is not trusted, a proxy that refuses, a host name that cannot be looked up three times in a row).
    /// [`WaitError::Expired`] after the deadline.
    ///
    /// # Cancel safety
    /// Dropping the future ends the waiting and abandons the request under way.
    pub async fn until<T, F>(
        &self,
        poll: impl FnMut() -> F,
        mut condition: impl FnMut(&T) -> bool,
    ) -> Result<T, WaitError>
    where
        F: IntoFuture<Output = Result<T, Error>>,
    {
        self.settle(poll, |result| match result {
            Ok(value) if condition(&value) => Seen::Settled(value),
            Ok(_) => Seen::NotYet(None),
            Err(error) if error.is_not_found() => Seen::NotYet(Some(error)),
            Err(error) => Seen::Failure(error),
        })
        .await
    }

    /// Repeats a request until the resource does not exist (404).
    ///
    /// # Errors
    /// As [`until`](Self::until).
    ///
    /// # Cancel safety
    /// Dropping the future ends the waiting and abandons the request under way.
    pub async fn until_gone<T, F>(&self, poll: impl FnMut() -> F) -> Result<(), WaitError>
    where
        F: IntoFuture<Output = Result<T, Error>>,
    {
        self.settle(poll, |result| match result {
            Ok(_) => Seen::NotYet(None),
            Err(error) if error.is_not_found() => Seen::Settled(()),
            Err(error) => Seen::Failure(error),
        })
        .await
    }

    /// Repeats a request until its result settles the matter.
    async fn settle<T, U, F>(
        &self,
        mut poll: impl FnMut() -> F,
        mut look: impl FnMut(Result<T, Error>) -> Seen<U>,
    ) -> Result<U, WaitError>
    where
        F: IntoFuture<Output = Result<T, Error>>,
    {
        let start = self.clock.now();
        let mut expired = Expired::new(&*self.clock, self.deadline);
        let (mut backoff, mut tracker) = (self.backoff, FailureTracker::default());
        let (mut asked, mut last_error) = (0, None);
        let (mut last_reason, mut attempts) = (WaitReason::ConditionNotMet, 0);
        let passed = || self.clock.now().saturating_duration_since(start);
        loop {
            asked += 1;
            let result = expired.or(fresh::set(async { poll().into_future().await })).await;
            let is_over = result.is_none();
            let mut reason = WaitReason::ConditionNotMet;
            match result.map(&mut look) {
                Some(Seen::Settled(settled)) => return Ok(settled),
                Some(Seen::NotYet(error)) => {
                    tracker.reset();
                    last_error = error;
                }
                Some(Seen::Failure(error)) => {
                    if !tracker.should_retry(&error) {
                        return Err(WaitError::Failed(error));
                    }
                    reason = WaitReason::of(&error);
                    last_error = Some(error);
                }
                None => {}
            }
            let delay = backoff
                .next()
                .max(last_error.as_ref().map_or(Duration::ZERO, asked_delay));
            if !is_over {
                attempts = if reason == last_reason { attempts + 1 } else { 1 };
                last_reason = reason;
                let left = self.deadline.map(|deadline| deadline.saturating_sub(passed()));
                let waiting = Waiting {
                    reason,
                    delay: left.map_or(delay, |left| left.min(delay)),
                    attempts,
                    waited: passed(),
                    error: last_error.as_ref(),
                };
                self.observer.report(None, &waiting);
            }
            if is_over || expired.or(self.clock.sleep(delay)).await.is_none() {
                return Err(WaitError::Expired {
                    waited: passed(),
                    asked,
                    last_error,
                });
            }
        }
    }
}

/// The meaning of a result for a wait.
enum Seen<U> {
    Settled(U),
    /// The condition is not met; the 404 that says so, if it was one.
    NotYet(Option<Error>),
    Failure(Error),
}

/// The end of the wait.
struct Expired(Option<okta_auth::BoxFuture<'static, ()>>);

impl Expired {
    fn new(clock: &dyn Clock, deadline: Option<Duration>) -> Self {
        Self(deadline.map(|deadline| clock.sleep(deadline)))
    }

    /// What `future` gives, or `None` where the end comes first.
    async fn or<F: Future>(&mut self, future: F) -> Option<F::Output> {
        let Some(end) = &mut self.0 else {
            return Some(future.await);
        };
        match select(pin!(future), end).await {
            Either::Left((output, _)) => Some(output),
            Either::Right(_) => None,
        }
    }
}
