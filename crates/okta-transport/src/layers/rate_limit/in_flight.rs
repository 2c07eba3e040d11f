//! What a request holds while it is on its way: its admission, and its permit.

use std::sync::{
    Arc, Mutex, PoisonError,
    atomic::{AtomicBool, Ordering},
};

use super::admission::Entered;

/// Held by the task that sends a request and by the caller that waits for it, so that each of them can give it back: a
/// task that is aborted ends only when its runtime gets to it.
#[derive(Clone, Debug, Default)]
pub(super) struct InFlight(Arc<Inner>);

#[derive(Debug, Default)]
struct Inner {
    held: Mutex<Entered>,
    taken: AtomicBool,
}

impl InFlight {
    pub(super) fn put(&self, entered: Entered) {
        *self.0.held.lock().unwrap_or_else(PoisonError::into_inner) = entered;
    }

    pub(super) fn take(&self) -> Entered {
        // What is taken is dropped without the lock, as it wakes others.
        std::mem::take(&mut *self.0.held.lock().unwrap_or_else(PoisonError::into_inner))
    }

    pub(super) fn give_back(&self) {
        drop(self.take());
    }

    /// The caller has the response.
    pub(super) fn response_taken(&self) {
        self.0.taken.store(true, Ordering::Release);
    }

    pub(super) fn is_response_taken(&self) -> bool {
        self.0.taken.load(Ordering::Acquire)
    }
}
