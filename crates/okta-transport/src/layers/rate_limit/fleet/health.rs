//! Whether the store works.

use std::{
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use tower::BoxError;

use crate::layers::tracing::error_type::ErrorSummary;

/// The pause after the first failed call. It doubles with each further one.
const PAUSE: Duration = Duration::from_millis(500);

/// The longest pause.
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// One of a limiter, whose buckets share the store.
#[derive(Debug, Default)]
pub(in crate::layers::rate_limit) struct Health {
    down: Mutex<Option<Down>>,
    has_worked: AtomicBool,
}

#[derive(Clone, Copy, Debug)]
struct Down {
    retry_at: Instant,
    pause: Duration,
}

impl Health {
    /// When the store is to be tried again, if it does not work.
    pub(super) fn retry_at(&self) -> Option<Instant> {
        (*self.state()).map(|down| down.retry_at)
    }

    /// How long a call may take, by the setting.
    pub(super) fn limit(&self, setting: Duration) -> Duration {
        if self.has_worked.load(Ordering::Relaxed) {
            setting
        } else {
            // It opens the connection.
            setting.saturating_mul(4)
        }
    }

    pub(super) fn succeeded(&self) {
        self.has_worked.store(true, Ordering::Relaxed);
        if self.state().take().is_some() {
            tracing::info!("the rate-limit store works again");
        }
    }

    /// Takes note of a failure, or of a call without a result in time if there is no error.
    pub(super) fn failed(&self, now: Instant, error: Option<&BoxError>) {
        let is_first = {
            let mut state = self.state();
            let pause = state.map_or(PAUSE, |down| down.pause.saturating_mul(2).min(LONGEST_PAUSE));
            let retry_at = now.checked_add(pause).unwrap_or(now);
            state.replace(Down { retry_at, pause }).is_none()
        };
        if !is_first {
            return;
        }
        // A store of the user may quote keys in its errors.
        let error = error.map(|error| ErrorSummary::of(&**error).to_string());
        let reason = error.as_deref().unwrap_or("it is too slow");
        tracing::warn!(
            reason,
            "the rate-limit store does not work; until it does, this process keeps to a static share of each limit"
        );
    }

    fn state(&self) -> MutexGuard<'_, Option<Down>> {
        self.down.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
