use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::{Duration, SystemTime},
};

use http::{HeaderMap, header};

use crate::clock::Clock;

/// The time by the server's clock, as its `Date` headers report it.
///
/// An assertion of a machine whose clock is wrong is refused as expired or as not yet valid, so what is signed goes by the
/// clock of the server that checks it.
#[derive(Clone, Debug)]
pub(crate) struct ServerTime {
    clock: Arc<dyn Clock>,
    /// How many seconds the server is ahead.
    ahead: Arc<AtomicI64>,
}

impl ServerTime {
    /// A smaller difference is ignored: `Date` has whole seconds, and a response takes time to arrive.
    const TOLERANCE: u64 = 5;

    pub(crate) fn new(clock: Arc<dyn Clock>) -> Self {
        Self {
            clock,
            ahead: Arc::default(),
        }
    }

    /// Seconds since 1970.
    pub(crate) fn now(&self) -> u64 {
        seconds(self.clock.system_time()).saturating_add_signed(self.ahead.load(Ordering::Relaxed))
    }

    /// Takes the server's time from a response that has just come. Returns whether that changed the time, so that what
    /// was refused may now be accepted.
    pub(crate) fn learn(&self, headers: &HeaderMap) -> bool {
        let Some(date) = date(headers) else { return false };
        let local = seconds(self.clock.system_time());
        let ahead = if local.abs_diff(date) > Self::TOLERANCE {
            date.cast_signed().saturating_sub(local.cast_signed())
        } else {
            0
        };
        let before = self.ahead.swap(ahead, Ordering::Relaxed);
        before.abs_diff(ahead) > Self::TOLERANCE
    }
}

pub(crate) fn date(headers: &HeaderMap) -> Option<u64> {
    let text = headers.get(header::DATE)?.to_str().ok()?;
    httpdate::parse_http_date(text).ok().map(seconds)
}

pub(crate) fn seconds(time: SystemTime) -> u64 {
    time.duration_since(SystemTime::UNIX_EPOCH)
        .unwrap_or(Duration::ZERO)
        .as_secs()
}
