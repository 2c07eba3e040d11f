//! The limit of concurrent requests that a user has set: permits, and the waiters for them.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::Waker,
};

use super::queue::{Place, WaitQueue, Wakers};

#[derive(Debug)]
pub(super) struct ConcurrencyLimit {
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    limit: usize,
    taken: usize,
    queue: WaitQueue,
}

impl ConcurrencyLimit {
    pub(super) fn new(limit: usize) -> Self {
        Self {
            state: Mutex::new(State {
                limit,
                taken: 0,
                queue: WaitQueue::default(),
            }),
        }
    }

    /// Changes the limit. Those that run beyond it finish.
    pub(super) fn set(&self, limit: usize, wakers: &mut Wakers) {
        let mut state = self.state();
        state.limit = limit;
        self.settle(&mut state, wakers);
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Every change is whole before anything could panic.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A permit for a request that has not waited, unless others wait.
    pub(super) fn try_take(self: &Arc<Self>) -> Option<Permit> {
        let mut state = self.state();
        if state.taken >= state.limit || !state.queue.is_empty() {
            return None;
        }
        state.taken += 1;
        Some(Permit(Arc::clone(self)))
    }

    /// A permit for the waiter at this place, or else its place in the queue.
    pub(super) fn take_or_wait(self: &Arc<Self>, place: Place, waker: &Waker, wakers: &mut Wakers) -> Option<Permit> {
        let mut state = self.state();
        let permit = if state.taken < state.limit && state.queue.is_first(place) {
            state.taken += 1;
            state.queue.leave(place);
            Some(Permit(Arc::clone(self)))
        } else {
            state.queue.join(place, waker, None);
            None
        };
        self.settle(&mut state, wakers);
        permit
    }

    pub(super) fn leave(&self, place: Place, wakers: &mut Wakers) {
        let mut state = self.state();
        state.queue.leave(place);
        self.settle(&mut state, wakers);
    }

    /// To be called after each change.
    fn settle(&self, state: &mut State, wakers: &mut Wakers) {
        if state.taken < state.limit {
            state.queue.notify(wakers);
        }
    }
}

#[cfg(test)]
impl ConcurrencyLimit {
    /// Whether a permit is free while no waiter is awake that could take it.
    pub(super) fn is_stuck(&self) -> bool {
        let mut state = self.state();
        state.taken < state.limit && !state.queue.is_awake(None)
    }

    /// All that decides what happens next.
    pub(super) fn snapshot(&self) -> String {
        let state = self.state();
        format!("{} {:?}", state.taken, state.queue.snapshot())
    }
}

/// One of the requests that may run at once. Dropped, it is free again.
#[derive(Debug)]
pub(super) struct Permit(Arc<ConcurrencyLimit>);

impl Drop for Permit {
    fn drop(&mut self) {
        let mut wakers = Wakers::default();
        {
            let mut state = self.0.state();
            state.taken = state.taken.saturating_sub(1);
            self.0.settle(&mut state, &mut wakers);
        }
        wakers.wake();
    }
}
