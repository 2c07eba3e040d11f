//! Where requests of one bucket wait, first come, first served.
//!
//! Only the first in the queue sets a timer and asks whether it may go; the others are woken when their turn comes. Whoever
//! changes something wakes the first one, and whoever leaves first place, for whatever reason, wakes the next: so no
//! wake-up is lost, and nobody has to run in the background.

use std::{
    borrow::Cow,
    collections::BTreeMap,
    future::Future,
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll, Waker},
    time::Instant,
};

use okta_auth::BoxFuture;

use super::{
    RateLimitMode, RateLimitWaitError,
    budget::{Budget, Entry, Outcome},
};
use crate::{Clock, Deadline, RateLimit};

#[derive(Debug)]
pub(super) struct Bucket {
    name: Cow<'static, str>,
    clock: Arc<dyn Clock>,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    budget: Budget,
    /// Those who wait, by their place.
    queue: BTreeMap<u64, Waker>,
    next_place: u64,
}

impl State {
    fn first(&self) -> Option<Waker> {
        self.queue.values().next().cloned()
    }

    fn is_first(&self, place: u64) -> bool {
        self.queue.keys().next() == Some(&place)
    }
}

impl Bucket {
    pub(super) fn new(name: Cow<'static, str>, mode: RateLimitMode, clock: Arc<dyn Clock>) -> Self {
        Self {
            name,
            clock,
            state: Mutex::new(State {
                budget: Budget::new(mode),
                queue: BTreeMap::new(),
                next_place: 0,
            }),
        }
    }

    pub(super) const fn name(&self) -> &Cow<'static, str> {
        &self.name
    }

    pub(super) fn told(&self) -> Option<RateLimit> {
        self.state().budget.told(self.clock.now())
    }

    /// How many requests are on their way, and how many wait.
    pub(super) fn load(&self) -> (u64, usize) {
        let state = self.state();
        (state.budget.in_flight(), state.queue.len())
    }

    /// Waits until one more request may go.
    pub(super) const fn enter(self: Arc<Self>, deadline: Option<Deadline>) -> Entering {
        Entering {
            bucket: self,
            deadline,
            place: None,
            sleep: None,
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Every change is whole before anything could panic.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn leave(&self, place: u64) {
        let next = {
            let mut state = self.state();
            let was_first = state.is_first(place);
            state.queue.remove(&place);
            state.first().filter(|_| was_first)
        };
        next.into_iter().for_each(Waker::wake);
    }

    fn end(&self, epoch: u64, outcome: Outcome) {
        let now = self.clock.now();
        let woken: Vec<Waker> = {
            let mut state = self.state();
            let used_up = |state: &State| matches!(state.budget.entry(now, true), Entry::At(_));
            let before = used_up(&state);
            state.budget.end(now, epoch, outcome);
            if used_up(&state) && !before {
                // Who cannot wait that long had better know it now.
                state.queue.values().cloned().collect()
            } else {
                state.first().into_iter().collect()
            }
        };
        woken.into_iter().for_each(Waker::wake);
    }
}

/// What [`Entering`] found out.
enum Step {
    Admitted(u64),
    /// First in the queue: to be asked again at this moment.
    Sleep(Instant),
    Queued,
}

/// A request that waits for its turn. Dropped, it gives its place back.
pub(super) struct Entering {
    bucket: Arc<Bucket>,
    deadline: Option<Deadline>,
    place: Option<u64>,
    sleep: Option<(Instant, BoxFuture<'static, ()>)>,
}

impl Entering {
    fn step(&mut self, now: Instant, waker: &Waker) -> Result<Step, RateLimitWaitError> {
        let mut state = self.bucket.state();
        let first = self.place.map_or(state.queue.is_empty(), |place| state.is_first(place));
        let entry = state.budget.entry(now, self.place.is_some());
        if first && entry == Entry::Now {
            let epoch = state.budget.admit(now);
            if let Some(place) = self.place.take() {
                state.queue.remove(&place);
            }
            let next = state.first();
            drop(state);
            next.into_iter().for_each(Waker::wake);
            return Ok(Step::Admitted(epoch));
        }
        if let Some(error) = self.too_late(now, entry, &state) {
            drop(state);
            self.leave();
            return Err(error);
        }
        let place = *self.place.get_or_insert_with(|| {
            state.next_place += 1;
            state.next_place
        });
        state.queue.insert(place, waker.clone());
        Ok(match entry {
            Entry::At(moment) | Entry::AfterAnswer(moment) if first => Step::Sleep(moment),
            _ => Step::Queued,
        })
    }

    /// The error for a request that cannot go before its deadline has passed, wherever it stands in the queue.
    fn too_late(&self, now: Instant, entry: Entry, state: &State) -> Option<RateLimitWaitError> {
        let (Entry::At(opens), Some(deadline)) = (entry, self.deadline) else {
            return None;
        };
        let (opens_in, left) = (opens.saturating_duration_since(now), deadline.remaining(now));
        (opens_in >= left).then_some(RateLimitWaitError {
            bucket: self.bucket.name.clone(),
            told: state.budget.told(now)?,
            opens_in,
            left,
            deadline,
        })
    }

    fn leave(&mut self) {
        if let Some(place) = self.place.take() {
            self.bucket.leave(place);
        }
    }
}

impl Future for Entering {
    type Output = Result<Admission, RateLimitWaitError>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.get_mut();
        let now = this.bucket.clock.now();
        match this.step(now, context.waker()) {
            Err(error) => return Poll::Ready(Err(error)),
            Ok(Step::Admitted(epoch)) => {
                return Poll::Ready(Ok(Admission {
                    bucket: Arc::clone(&this.bucket),
                    epoch: Some(epoch),
                    sent: false,
                }));
            }
            Ok(Step::Queued) => this.sleep = None,
            Ok(Step::Sleep(until)) => {
                let sleep = match &mut this.sleep {
                    Some((moment, sleep)) if *moment == until => sleep,
                    sleep => {
                        tracing::debug!(
                            bucket = &*this.bucket.name,
                            seconds = until.saturating_duration_since(now).as_secs_f64(),
                            "waiting for the rate limit"
                        );
                        let timer = this.bucket.clock.sleep(until.saturating_duration_since(now));
                        &mut sleep.insert((until, timer)).1
                    }
                };
                if sleep.as_mut().poll(context).is_ready() {
                    this.sleep = None;
                    context.waker().wake_by_ref();
                }
            }
        }
        Poll::Pending
    }
}

impl Drop for Entering {
    fn drop(&mut self) {
        self.leave();
    }
}

/// A request that was let go. Dropped without an [`end`](Self::end), it may have arrived or not, once it is said to be sent.
#[derive(Debug)]
pub(super) struct Admission {
    bucket: Arc<Bucket>,
    /// `None` once it has ended.
    epoch: Option<u64>,
    sent: bool,
}

impl Admission {
    pub(super) const fn sent(&mut self) {
        self.sent = true;
    }

    /// Says how the request ended, and gives its bucket back.
    pub(super) fn end(mut self, outcome: Outcome) -> Arc<Bucket> {
        self.close(outcome);
        Arc::clone(&self.bucket)
    }

    fn close(&mut self, outcome: Outcome) {
        if let Some(epoch) = self.epoch.take() {
            self.bucket.end(epoch, outcome);
        }
    }
}

impl Drop for Admission {
    fn drop(&mut self) {
        self.close(if self.sent { Outcome::Lost } else { Outcome::Unsent });
    }
}
