use std::{
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

/// A retry, in the units the budget is kept in.
const RETRY: u64 = 1000;
/// What a call that went well brings in: ten of them make a retry.
const SUCCESS: u64 = RETRY / 10;

/// How many retries a client has for failures, all its calls together.
///
/// While everything fails, retries are what keeps a server from recovering: each client then sends a multiple of what it
/// usually does. A budget lets a burst of retries pass and then only a trickle: it is filled with one retry a second and
/// one for every ten calls that go well, up to its size. A call that finds it empty fails with what it has. Retries of a
/// refused request (429) do not draw on it, for those come when the server wants them.
///
/// Clones share what is in it, so give a clone to a second client only if both are to share.
#[derive(Clone)]
pub struct RetryBudget(Arc<Mutex<Balance>>);

#[derive(Clone, Copy)]
struct Balance {
    left: u64,
    size: u64,
    /// Up to when time was counted; `None` before the first retry.
    counted: Option<Instant>,
}

impl RetryBudget {
    /// A full budget of this many retries. The default is 50.
    #[must_use]
    pub fn new(retries: u32) -> Self {
        let size = u64::from(retries) * RETRY;
        Self(Arc::new(Mutex::new(Balance {
            left: size,
            size,
            counted: None,
        })))
    }

    /// How many retries are left, without those that time has brought since the last one was taken.
    #[must_use]
    pub fn left(&self) -> u32 {
        u32::try_from(self.balance().left / RETRY).unwrap_or(u32::MAX)
    }

    /// Takes a retry out. It goes back when the reservation is dropped before it was spent.
    pub(crate) fn reserve(&self, now: Instant) -> Option<Reservation> {
        let mut balance = self.balance();
        let passed = now.saturating_duration_since(balance.counted.unwrap_or(now));
        balance.add(whole_milliseconds(passed));
        balance.counted = Some(now);
        balance.left = balance.left.checked_sub(RETRY)?;
        Some(Reservation(Some(self.clone())))
    }

    /// Counts a call that went well.
    pub(crate) fn deposit(&self) {
        self.balance().add(SUCCESS);
    }

    /// Whatever has panicked while it held the lock, the numbers are whole.
    fn balance(&self) -> MutexGuard<'_, Balance> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Balance {
    fn add(&mut self, amount: u64) {
        self.left = self.left.saturating_add(amount).min(self.size);
    }
}

/// One retry a second is one unit a millisecond.
fn whole_milliseconds(passed: Duration) -> u64 {
    u64::try_from(passed.as_millis()).unwrap_or(u64::MAX)
}

impl Default for RetryBudget {
    fn default() -> Self {
        Self::new(50)
    }
}

impl fmt::Debug for RetryBudget {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("RetryBudget")
            .field("left", &self.left())
            .finish_non_exhaustive()
    }
}

/// A retry that is not sent yet: a call that is given up while it waits must not cost the others one.
#[derive(Debug)]
pub(crate) struct Reservation(Option<RetryBudget>);

impl Reservation {
    /// The retry is sent.
    pub(crate) fn spend(mut self) {
        self.0 = None;
    }
}

impl Drop for Reservation {
    fn drop(&mut self) {
        if let Some(budget) = self.0.take() {
            budget.balance().add(RETRY);
        }
    }
}

#[cfg(test)]
mod tests {
    use okta_auth::Clock;

    use super::*;
    use crate::time::clock::TokioClock;

    fn now() -> Instant {
        TokioClock.now()
    }

    #[test]
    fn it_is_used_up_and_time_fills_it_but_not_over() {
        let (budget, start) = (RetryBudget::new(2), now());
        for _ in 0..2 {
            budget.reserve(start).unwrap().spend();
        }
        assert!(budget.reserve(start).is_none());
        assert!(budget.reserve(start + Duration::from_millis(999)).is_none());
        budget.reserve(start + Duration::from_secs(1)).unwrap().spend();
        assert!(budget.reserve(start + Duration::from_secs(1)).is_none());
        let much_later = start + Duration::from_secs(86_400);
        for _ in 0..2 {
            budget.reserve(much_later).unwrap().spend();
        }
        assert!(budget.reserve(much_later).is_none());
    }

    #[test]
    fn ten_calls_that_go_well_bring_one_retry() {
        let (budget, start) = (RetryBudget::new(1), now());
        budget.reserve(start).unwrap().spend();
        for _ in 0..9 {
            budget.deposit();
        }
        assert!(budget.reserve(start).is_none());
        budget.deposit();
        assert_eq!(budget.left(), 1);
    }

    #[test]
    fn a_retry_that_is_not_sent_goes_back() {
        let (budget, start) = (RetryBudget::new(1), now());
        drop(budget.reserve(start).unwrap());
        assert_eq!(budget.left(), 1);
    }

    #[test]
    fn a_clock_that_goes_back_neither_fills_nor_breaks_it() {
        let (budget, start) = (RetryBudget::new(1), now());
        budget.reserve(start + Duration::from_secs(100)).unwrap().spend();
        assert!(budget.reserve(start).is_none());
    }
}
