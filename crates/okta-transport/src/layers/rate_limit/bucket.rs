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

use tokio::runtime::Handle;

use super::{
    admission::Entered,
    budget::{Budget, Entry, Outcome, SentRequest},
    concurrency_limit::ConcurrencyLimit,
    error::RateLimitWaitError,
    fleet::{
        calls::{Caller, LeaseHolder},
        lease::{Gate, Idle, Lease, Load, StoreCall},
        store::Reservation,
    },
    learned_limit::{Ending, LearnedLimit, RunningCall},
    mode::{RateLimitMode, RateLimitShare},
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
    /// Permits of a store that several processes share, if there is one.
    lease: Option<Lease>,
}

impl State {
    /// Whether one more request may go, by both limits.
    fn entry(&self, now: Instant, queued: bool) -> Entry {
        match (self.window_entry(now, queued), self.concurrency.opens(now)) {
            (Entry::Now, Some(opens)) => Entry::AfterAnswer(opens),
            (entry, _) => entry,
        }
    }

    /// Whether one more request may go, by the window.
    fn window_entry(&self, now: Instant, queued: bool) -> Entry {
        let Some(lease) = &self.lease else {
            return self.budget.entry(now, queued);
        };
        match lease.gate(now) {
            Gate::Open => Entry::Now,
            Gate::Closed(entry) => entry,
            Gate::Static(retry_at) => match (self.budget.entry_of_share(now, |limit| lease.share(limit)), retry_at) {
                // A request that waits tries the store again meanwhile.
                (Entry::At(moment) | Entry::AfterAnswer(moment), Some(retry_at)) if retry_at < moment => {
                    Entry::AfterAnswer(retry_at.max(now))
                }
                (entry, _) => entry,
            },
        }
    }

    fn load(&self, now: Instant) -> Load {
        let (sent, window) = self.budget.sent(now);
        let running = self.concurrency.running();
        Load {
            in_flight: running + self.budget.lost(),
            running,
            sent,
            window,
        }
    }

    /// The call of the store that is to be made before a request can go, if one is. `waiting` requests wait beside those in the queue.
    fn refill(&mut self, now: Instant, waiting: usize) -> Option<StoreCall> {
        self.lease.as_ref()?;
        let (waiting, load) = (self.queue.len() + waiting, self.load(now));
        let lease = self.lease.as_mut()?;
        let without_runtime = Handle::try_current().is_err();
        lease.without_runtime(without_runtime);
        if without_runtime {
            return None;
        }
        lease.refill(now, waiting, load)
    }

    /// Takes note of what a response has said. Returns the call that reports it, if that is to be done at once.
    fn learn(&mut self, now: Instant, outcome: Outcome) -> Option<StoreCall> {
        self.lease.as_ref()?;
        let (waiting, load) = (self.queue.len(), self.load(now));
        let lease = self.lease.as_mut()?;
        let at_once = match outcome {
            Outcome::Observed(observation) => lease.learn(now, Some(observation)),
            Outcome::Refused(Some(observation)) => {
                lease.refused(now, observation);
                lease.learn(now, Some(observation))
            }
            Outcome::NotObserved => lease.learn(now, None),
            Outcome::Refused(None) | Outcome::Unsent | Outcome::Lost => lease.is_probing(),
        };
        (at_once && Handle::try_current().is_ok()).then(|| lease.report(now, waiting, load))?
    }

    fn admit(&mut self, now: Instant) -> Admitted {
        if let Some(lease) = &mut self.lease {
            lease.admit(now);
        }
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
                lease: None,
            }),
        }
    }

    /// A bucket whose permits come from a store.
    pub(super) fn shared(name: Cow<'static, str>, clock: Arc<dyn Clock>, lease: Lease) -> Self {
        let mut bucket = Self::new(name, RateLimitMode::Pace(RateLimitShare::ALL), clock);
        let state = bucket.state.get_mut().unwrap_or_else(PoisonError::into_inner);
        state.lease = Some(lease);
        bucket
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
        let mut asking = Asking(self, None);
        let mut state = self.state();
        asking.1 = state.refill(now, 1);
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
        let mut asking = Asking(self, None);
        let mut state = self.state();
        asking.1 = state.refill(now, 0);
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

    fn end(self: &Arc<Self>, admitted: Admitted, end: End) {
        let now = self.clock.now();
        let mut wakers = Wakers::default();
        {
            let mut asking = Asking(self, None);
            let mut state = self.state();
            let used_up = |state: &State| !state.queue.is_empty() && matches!(state.entry(now, true), Entry::At(_));
            let before = used_up(&state);
            let (outcome, ending) = state.read(now, end);
            state.budget.end(now, admitted.request, outcome);
            state.concurrency.end(now, admitted.call, ending);
            asking.1 = state.learn(now, outcome);
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

/// Makes a call of the store, if there is one, when it is dropped: after the lock has been released, because a runtime
/// that has been shut down drops the task at once.
struct Asking<'a>(&'a Arc<Bucket>, Option<StoreCall>);

impl Bucket {
    /// Gives back what is reserved and not used.
    ///
    /// # Cancel safety
    ///
    /// A dropped future leaves the permits to expire.
    pub(super) async fn release(self: &Arc<Self>) {
        let call = {
            let now = self.clock.now();
            let mut state = self.state();
            let load = state.load(now);
            state.lease.as_mut().map(|lease| lease.release(now, load))
        };
        if let (Some(call), Some(caller)) = (call, self.caller()) {
            caller.finish(call).await;
        }
    }

    /// What makes calls of the store for this bucket.
    fn caller(self: &Arc<Self>) -> Option<Caller<Self>> {
        let state = self.state();
        let lease = state.lease.as_ref()?;
        Some(Caller {
            holder: Arc::clone(self),
            fleet: lease.fleet(),
            health: lease.health(),
            keys: lease.keys(),
            clock: Arc::clone(&self.clock),
        })
    }
}

impl Drop for Asking<'_> {
    fn drop(&mut self) {
        let Some(call) = self.1.take() else { return };
        let Some(caller) = self.0.caller() else { return };
        match Handle::try_current() {
            Ok(runtime) => caller.spawn(&runtime, call),
            Err(_) => self.0.ended(&call, None),
        }
    }
}

impl LeaseHolder for Bucket {
    fn ended(&self, call: &StoreCall, result: Option<Option<Reservation>>) {
        let now = self.clock.now();
        let mut wakers = Wakers::default();
        {
            let mut state = self.state();
            if let Some(lease) = &mut state.lease {
                match result {
                    Some(reservation) => lease.replied(now, call, reservation, &mut wakers),
                    None => lease.failed(call),
                }
            }
            // A waiter whose deadline comes before the next window fails now.
            if matches!(state.entry(now, true), Entry::At(_)) {
                state.queue.notify_all(&mut wakers);
            }
            state.settle(now, &mut wakers);
        }
        wakers.wake();
    }

    fn used(&self) -> u64 {
        self.state().lease.as_ref().map_or(0, Lease::used)
    }

    fn idle(&self, number: u64, used: u64) -> Idle {
        let now = self.clock.now();
        let mut state = self.state();
        let load = state.load(now);
        match &mut state.lease {
            Some(lease) => lease.idle(now, number, used, load),
            None => Idle::Over,
        }
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
