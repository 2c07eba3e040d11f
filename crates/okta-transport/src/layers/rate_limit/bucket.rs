//! The requests of one bucket: what is known of their limits, and the waiters.
//!
//! After each change the [first waiters](WaitQueue) either are notified or have a timer that fires when one more may
//! go. So no wake-up is lost, whichever waiters are dropped or not polled any more, and nothing has to run in the
//! background.

use std::{
    borrow::Cow,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::Waker,
    time::{Duration, Instant},
};

use okta_auth::Clock;

use super::{
    admission::Entered,
    budget::{Budget, Entry, Outcome, SentRequest},
    concurrency_limit::ConcurrencyLimit,
    error::RateLimitWaitError,
    learned_limit::{Ending, LearnedLimit, RunningCall},
    mode::RateLimitMode,
    queue::{Place, WaitQueue, Wakers},
};
use crate::{headers::rate_limit::RateLimit, request::deadline::Deadline};

#[derive(Debug)]
pub(super) struct Bucket {
    name: Cow<'static, str>,
    clock: Arc<dyn Clock>,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    budget: Budget,
    concurrency: LearnedLimit,
    queue: WaitQueue,
}

impl State {
    /// Whether one more request may go, by both limits.
    fn entry(&self, now: Instant, queued: bool) -> Entry {
        match (self.budget.entry(now, queued), self.concurrency.opens(now)) {
            (Entry::Now, Some(opens)) => Entry::AfterAnswer(opens),
            (entry, _) => entry,
        }
    }

    fn admit(&mut self, now: Instant) -> Admitted {
        Admitted {
            request: self.budget.admit(now),
            call: self.concurrency.begin(now),
        }
    }

    /// To be called after each change.
    fn settle(&mut self, now: Instant, wakers: &mut Wakers) {
        if self.queue.is_empty() {
            return;
        }
        match self.entry(now, true) {
            Entry::Now => self.queue.notify(wakers),
            Entry::At(moment) | Entry::AfterAnswer(moment) => self.queue.notify_of(moment, wakers),
        }
    }
}

/// How a request ended, for all that is learned from it.
#[derive(Clone, Copy, Debug)]
pub(super) enum End {
    /// Counted in the rate limit's window or not, as the outcome says. Refused for nothing but the window.
    Of(Outcome),
    /// Refused because too many requests run at once. The response may have said when to try again.
    TooManyAtOnce(Option<Duration>),
}

/// What a bucket remembers of a request until its end.
#[derive(Clone, Copy, Debug)]
struct Admitted {
    request: SentRequest,
    call: RunningCall,
}

/// What a waiter gets.
pub(super) enum Step {
    Admitted(Entered),
    /// It waits in the bucket, and is to be polled again at this moment at the latest if it is the first there.
    Queued(Option<Instant>),
    /// The bucket admits it; it waits for a permit.
    AtConcurrencyLimit,
}

impl Bucket {
    pub(super) fn new(name: Cow<'static, str>, mode: RateLimitMode, clock: Arc<dyn Clock>) -> Self {
        Self {
            name,
            clock,
            state: Mutex::new(State {
                budget: Budget::new(mode),
                concurrency: LearnedLimit::default(),
                queue: WaitQueue::default(),
            }),
        }
    }

    pub(super) const fn name(&self) -> &Cow<'static, str> {
        &self.name
    }

    pub(super) fn observed(&self) -> Option<RateLimit> {
        self.state().budget.observed(self.clock.now())
    }

    /// How many requests are on their way, how many wait, and how many may run at once as far as that is known.
    pub(super) fn load(&self) -> (u64, usize, Option<u64>) {
        let state = self.state();
        (
            state.concurrency.running(),
            state.queue.len(),
            state.concurrency.calls(),
        )
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Every change is whole before anything could panic.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Admits a request that has not waited, unless it has to.
    pub(super) fn try_enter(
        self: &Arc<Self>,
        now: Instant,
        concurrency: Option<&Arc<ConcurrencyLimit>>,
        deadline: Option<Deadline>,
    ) -> Result<Option<Entered>, RateLimitWaitError> {
        let mut state = self.state();
        let entry = state.entry(now, false);
        if let Some(error) = self.too_late(now, entry, deadline, &state) {
            return Err(error);
        }
        if entry != Entry::Now || !state.queue.is_empty() {
            return Ok(None);
        }
        let permit = match concurrency {
            Some(concurrency) => match concurrency.try_take() {
                None => return Ok(None),
                permit => permit,
            },
            None => None,
        };
        Ok(Some(Entered {
            blocks_others: permit.is_some() || state.budget.is_paced() || state.concurrency.is_known(),
            admission: Some(Admission::new(Arc::clone(self), state.admit(now))),
            permit,
        }))
    }

    /// What happens to a waiter that is polled.
    pub(super) fn step(
        self: &Arc<Self>,
        now: Instant,
        concurrency: Option<&Arc<ConcurrencyLimit>>,
        deadline: Option<Deadline>,
        place: Place,
        waker: &Waker,
        wakers: &mut Wakers,
    ) -> Result<Step, RateLimitWaitError> {
        let mut state = self.state();
        let entry = state.entry(now, true);
        if let Some(error) = self.too_late(now, entry, deadline, &state) {
            state.queue.leave(place);
            state.settle(now, wakers);
            return Err(error);
        }
        let step = if entry == Entry::Now && state.queue.is_first(place) {
            let permit = concurrency.map(|concurrency| concurrency.take_or_wait(place, waker, wakers));
            state.queue.leave(place);
            if let Some(None) = permit {
                Step::AtConcurrencyLimit
            } else {
                Step::Admitted(Entered {
                    blocks_others: true,
                    admission: Some(Admission::new(Arc::clone(self), state.admit(now))),
                    permit: permit.flatten(),
                })
            }
        } else {
            let timer = match entry {
                Entry::At(moment) | Entry::AfterAnswer(moment) if state.queue.is_first(place) => Some(moment),
                _ => None,
            };
            state.queue.join(place, waker, timer);
            Step::Queued(timer)
        };
        state.settle(now, wakers);
        Ok(step)
    }

    pub(super) fn leave(&self, place: Place, wakers: &mut Wakers) {
        let now = self.clock.now();
        let mut state = self.state();
        state.queue.leave(place);
        state.settle(now, wakers);
    }

    fn end(&self, admitted: Admitted, end: End) {
        let now = self.clock.now();
        let mut wakers = Wakers::default();
        {
            let mut state = self.state();
            let used_up = |state: &State| !state.queue.is_empty() && matches!(state.entry(now, true), Entry::At(_));
            let before = used_up(&state);
            let (outcome, ending) = state.read(now, end);
            state.budget.end(now, admitted.request, outcome);
            state.concurrency.end(now, admitted.call, ending);
            if used_up(&state) && !before {
                // A waiter whose deadline comes before that moment fails now.
                state.queue.notify_all(&mut wakers);
            }
            state.settle(now, &mut wakers);
        }
        wakers.wake();
    }

    /// The error for a request that cannot go before its deadline, wherever it is in the queue.
    fn too_late(
        &self,
        now: Instant,
        entry: Entry,
        deadline: Option<Deadline>,
        state: &State,
    ) -> Option<RateLimitWaitError> {
        let (Entry::At(opens), Some(deadline)) = (entry, deadline) else {
            return None;
        };
        let (opens_in, left) = (opens.saturating_duration_since(now), deadline.remaining(now));
        (opens_in >= left).then_some(RateLimitWaitError {
            bucket: self.name.clone(),
            rate_limit: state.budget.observed(now)?,
            opens_in,
            left,
            deadline,
        })
    }
}

#[cfg(test)]
impl Bucket {
    /// Whether one more request may go while no waiter is awake or will be.
    pub(super) fn is_stuck(&self) -> bool {
        let now = self.clock.now();
        let mut state = self.state();
        match state.entry(now, true) {
            Entry::Now => !state.queue.is_awake(Some(now)),
            Entry::At(moment) | Entry::AfterAnswer(moment) => !state.queue.is_awake(Some(moment)),
        }
    }

    /// All that decides what happens next.
    pub(super) fn snapshot(&self) -> String {
        let state = self.state();
        format!(
            "{:?} {:?} {:?}",
            state.budget,
            state.concurrency,
            state.queue.snapshot()
        )
    }
}

impl State {
    fn read(&self, now: Instant, end: End) -> (Outcome, Ending) {
        match end {
            End::TooManyAtOnce(wait) => (Outcome::Refused(None), Ending::Refused(wait)),
            End::Of(Outcome::Refused(Some(observation))) if self.budget.is_of_another_limit(now, observation) => {
                (Outcome::Refused(None), Ending::Refused(None))
            }
            End::Of(outcome @ (Outcome::Observed(_) | Outcome::NotObserved)) => (outcome, Ending::Admitted),
            End::Of(outcome) => (outcome, Ending::Unknown),
        }
    }
}

/// A request that has been let go. Dropped without an [`end`](Self::end), it is lost if it was [sent](Self::sent), or
/// else does not count.
#[derive(Debug)]
pub(super) struct Admission {
    bucket: Arc<Bucket>,
    /// `None` once it has ended.
    admitted: Option<Admitted>,
    sent: bool,
}

impl Admission {
    const fn new(bucket: Arc<Bucket>, admitted: Admitted) -> Self {
        Self {
            bucket,
            admitted: Some(admitted),
            sent: false,
        }
    }

    pub(super) const fn sent(&mut self) {
        self.sent = true;
    }

    /// Says how the request ended, and returns its bucket.
    pub(super) fn end(mut self, end: End) -> Arc<Bucket> {
        self.close(end);
        Arc::clone(&self.bucket)
    }

    fn close(&mut self, end: End) {
        if let Some(admitted) = self.admitted.take() {
            self.bucket.end(admitted, end);
        }
    }
}

impl Drop for Admission {
    fn drop(&mut self) {
        let outcome = if self.sent { Outcome::Lost } else { Outcome::Unsent };
        self.close(End::Of(outcome));
    }
}
