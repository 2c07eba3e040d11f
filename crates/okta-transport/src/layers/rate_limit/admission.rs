//! A request that waits until it may go.

use std::{
    future::Future,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::Instant,
};

use okta_auth::{BoxFuture, Clock};

use super::{
    bucket::{Admission, Bucket, Step},
    concurrency_limit::{ConcurrencyLimit, Permit},
    error::RateLimitWaitError,
    queue::{Place, Wakers},
};
use crate::request::deadline::Deadline;

/// The limits that a request is subject to.
#[derive(Clone, Debug)]
pub(super) struct Limits {
    /// `None` where the limiter is off.
    pub(super) bucket: Option<Arc<Bucket>>,
    /// `None` where the user has set no limit of concurrent requests.
    pub(super) concurrency: Option<Arc<ConcurrencyLimit>>,
}

/// What a request holds while it is on its way.
#[derive(Debug, Default)]
pub(super) struct Entered {
    pub(super) admission: Option<Admission>,
    pub(super) permit: Option<Permit>,
    /// Whether other requests may have to wait for this one.
    pub(super) blocks_others: bool,
}

impl Entered {
    pub(super) const fn with(permit: Option<Permit>) -> Self {
        Self {
            admission: None,
            blocks_others: permit.is_some(),
            permit,
        }
    }
}

impl Limits {
    /// Lets a request go that has not waited, unless it has to.
    pub(super) fn try_enter(
        &self,
        now: Instant,
        deadline: Option<Deadline>,
    ) -> Result<Option<Entered>, RateLimitWaitError> {
        match (&self.bucket, &self.concurrency) {
            (Some(bucket), concurrency) => bucket.try_enter(now, concurrency.as_ref(), deadline),
            (None, Some(concurrency)) => Ok(concurrency.try_take().map(|permit| Entered::with(Some(permit)))),
            (None, None) => Ok(Some(Entered::default())),
        }
    }

    /// Waits until the request may go. Meanwhile it holds nothing.
    pub(super) const fn enter(self, clock: Arc<dyn Clock>, place: Place, deadline: Option<Deadline>) -> Entering {
        Entering {
            limits: self,
            clock,
            place,
            deadline,
            waits: Waits::Nowhere,
            sleep: None,
        }
    }
}

/// In which queue the request is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Waits {
    Nowhere,
    InBucket,
    AtConcurrencyLimit,
}

/// Dropped, it gives its place in the queue up.
pub(super) struct Entering {
    limits: Limits,
    clock: Arc<dyn Clock>,
    place: Place,
    deadline: Option<Deadline>,
    waits: Waits,
    sleep: Option<(Instant, BoxFuture<'static, ()>)>,
}

impl Entering {
    /// The outcome, or when to ask again at the latest.
    fn step(
        &mut self,
        now: Instant,
        context: &Context<'_>,
        wakers: &mut Wakers,
    ) -> Result<Result<Entered, Option<Instant>>, RateLimitWaitError> {
        let (concurrency, waker) = (self.limits.concurrency.as_ref(), context.waker());
        let before = std::mem::replace(&mut self.waits, Waits::Nowhere);
        let Some(bucket) = &self.limits.bucket else {
            let permit = concurrency.map(|concurrency| concurrency.take_or_wait(self.place, waker, wakers));
            if let Some(None) = permit {
                self.waits = Waits::AtConcurrencyLimit;
                return Ok(Err(None));
            }
            return Ok(Ok(Entered::with(permit.flatten())));
        };
        let step = bucket.step(now, concurrency, self.deadline, self.place, waker, wakers);
        if before == Waits::AtConcurrencyLimit
            && !matches!(step, Ok(Step::Admitted(_) | Step::AtConcurrencyLimit))
            && let Some(concurrency) = concurrency
        {
            concurrency.leave(self.place, wakers);
        }
        Ok(match step? {
            Step::Admitted(entered) => Ok(entered),
            Step::Queued(timer) => {
                self.waits = Waits::InBucket;
                Err(timer)
            }
            Step::AtConcurrencyLimit => {
                self.waits = Waits::AtConcurrencyLimit;
                Err(None)
            }
        })
    }

    /// Polls a timer for this moment, which replaces the last one.
    fn poll_sleep(&mut self, until: Instant, now: Instant, context: &mut Context<'_>) {
        let sleep = match &mut self.sleep {
            Some((moment, sleep)) if *moment == until => sleep,
            sleep => {
                let wait = until.saturating_duration_since(now);
                if let Some(bucket) = &self.limits.bucket {
                    let seconds = wait.as_secs_f64();
                    tracing::debug!(bucket = &**bucket.name(), seconds, "waiting for the rate limit");
                }
                &mut sleep.insert((until, self.clock.sleep(wait))).1
            }
        };
        if sleep.as_mut().poll(context).is_ready() {
            self.sleep = None;
            context.waker().wake_by_ref();
        }
    }
}

impl Future for Entering {
    type Output = Result<Entered, RateLimitWaitError>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.get_mut();
        let now = this.clock.now();
        let mut wakers = Wakers::default();
        let step = this.step(now, context, &mut wakers);
        wakers.wake();
        match step? {
            Ok(entered) => return Poll::Ready(Ok(entered)),
            Err(Some(until)) => this.poll_sleep(until, now, context),
            Err(None) => this.sleep = None,
        }
        Poll::Pending
    }
}

impl Drop for Entering {
    fn drop(&mut self) {
        let mut wakers = Wakers::default();
        match (self.waits, &self.limits) {
            (
                Waits::InBucket,
                Limits {
                    bucket: Some(bucket), ..
                },
            ) => bucket.leave(self.place, &mut wakers),
            (
                Waits::AtConcurrencyLimit,
                Limits {
                    concurrency: Some(concurrency),
                    ..
                },
            ) => concurrency.leave(self.place, &mut wakers),
            _ => {}
        }
        wakers.wake();
    }
}
