//! The rate-limit window and the concurrency limit of the org, as Okta keeps them.

use std::sync::{
    Arc, Mutex, PoisonError,
    atomic::{AtomicU32, AtomicU64, Ordering::Relaxed},
};

use http::{HeaderValue, response::Builder};

use crate::clock::unix_time;

/// Requests a window lets in.
const LIMIT: u32 = 6_000;
/// The length of a window in seconds.
const SECONDS: u64 = 5;
/// Requests that the org works on at once.
const AT_ONCE: u32 = 48;

/// Counts requests by window, and those on their way.
#[derive(Default)]
pub(crate) struct Window {
    current: Mutex<(u64, u32)>,
    on_their_way: Arc<AtomicU32>,
    /// The Unix time in milliseconds until which the server has asked a caller to wait.
    demanded_until: AtomicU64,
}

/// What a request found.
pub(crate) struct Admission {
    remaining: u32,
    reset: u64,
    /// The window was exhausted.
    pub(crate) is_refused: bool,
    /// A place among the requests that are worked on at once; `None` if there was none.
    pub(crate) place: Option<Place>,
}

/// Given back when the request is done.
pub(crate) struct Place(Arc<AtomicU32>);

impl Drop for Place {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Relaxed);
    }
}

impl Window {
    pub(crate) fn admit(&self) -> Admission {
        let number = unix_time().as_secs() / SECONDS;
        let reset = (number + 1) * SECONDS;
        let (remaining, is_refused) = {
            let mut current = self.current.lock().unwrap_or_else(PoisonError::into_inner);
            if current.0 != number {
                *current = (number, 0);
            }
            let is_refused = current.1 >= LIMIT;
            current.1 = current.1.saturating_add(1);
            (LIMIT.saturating_sub(current.1), is_refused)
        };
        if remaining == 0 {
            self.demand_until(reset);
        }
        let before = self.on_their_way.fetch_add(1, Relaxed);
        let place = Place(Arc::clone(&self.on_their_way));
        Admission {
            remaining,
            reset,
            is_refused,
            place: (before < AT_ONCE).then_some(place),
        }
    }

    fn demand_until(&self, unix_seconds: u64) {
        self.demanded_until.fetch_max(unix_seconds * 1_000, Relaxed);
    }

    /// Whether some caller is still asked to wait.
    pub(crate) fn is_waiting_demanded(&self) -> bool {
        u128::from(self.demanded_until.load(Relaxed)) > unix_time().as_millis()
    }

    /// The headers of an ordinary response.
    pub(crate) fn headers(&self, response: Builder, admission: &Admission) -> Builder {
        response
            .header("x-rate-limit-limit", LIMIT)
            .header("x-rate-limit-remaining", admission.remaining)
            .header("x-rate-limit-reset", admission.reset)
    }

    /// The headers of a 429 that is over in a second.
    pub(crate) fn refusal_headers(&self, response: Builder, limit: u32) -> Builder {
        let reset = unix_time().as_secs() + 1;
        self.demand_until(reset + 1);
        response
            .header("x-rate-limit-limit", limit)
            .header("x-rate-limit-remaining", HeaderValue::from_static("0"))
            .header("x-rate-limit-reset", reset)
    }

    /// The limit of the bucket.
    pub(crate) const fn limit(&self) -> u32 {
        LIMIT
    }
}
