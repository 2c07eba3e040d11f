//! Where the emulated org takes the time from.
//!
//! The only module that reads the system's clock; everything else asks the [`Clock`] it was given.

use std::{
    fmt,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, SystemTime},
};

use jiff::Timestamp;

/// The time as the emulated org sees it.
///
/// Replace it (see [`EmulatorBuilder::clock`](crate::EmulatorBuilder::clock)) to test what depends on the time, such as
/// waiting for the end of a rate-limit window, without waiting.
pub trait Clock: Send + Sync + 'static {
    /// The present moment.
    fn now(&self) -> SystemTime;
}

/// The clock of the machine: the default.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the home of the system's clock in this crate")]
    fn now(&self) -> SystemTime {
        SystemTime::now()
    }
}

/// A clock that stands still until it is told to move.
///
/// Clones show the same time.
#[derive(Clone)]
pub struct ManualClock {
    now: Arc<Mutex<SystemTime>>,
}

impl ManualClock {
    /// A clock that shows `start`.
    pub fn new(start: SystemTime) -> Self {
        Self {
            now: Arc::new(Mutex::new(start)),
        }
    }

    /// Moves the clock forward.
    pub fn advance(&self, by: Duration) {
        let mut now = self.now.lock().unwrap_or_else(PoisonError::into_inner);
        *now += by;
    }

    /// Sets the clock.
    pub fn set(&self, to: SystemTime) {
        *self.now.lock().unwrap_or_else(PoisonError::into_inner) = to;
    }
}

impl fmt::Debug for ManualClock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ManualClock").field(&self.now()).finish()
    }
}

impl Clock for ManualClock {
    fn now(&self) -> SystemTime {
        *self.now.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The clock's time as a timestamp; a time no calendar knows becomes the Unix epoch.
pub(crate) fn timestamp(clock: &dyn Clock) -> Timestamp {
    Timestamp::try_from(clock.now()).unwrap_or(Timestamp::UNIX_EPOCH)
}

/// Records carry whole seconds, as Okta's do.
pub(crate) fn whole_seconds(time: Timestamp) -> Timestamp {
    Timestamp::from_second(time.as_second()).unwrap_or(Timestamp::UNIX_EPOCH)
}

/// `2026-03-02T12:45:19.000Z`: the form of every date in a body.
pub(crate) fn iso(time: Timestamp) -> String {
    time.strftime("%Y-%m-%dT%H:%M:%S%.3fZ").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_have_milliseconds_and_a_z() {
        let time: Timestamp = "2026-03-02T12:45:19.047Z".parse().unwrap();
        assert_eq!(iso(time), "2026-03-02T12:45:19.047Z");
        assert_eq!(iso(whole_seconds(time)), "2026-03-02T12:45:19.000Z");
    }

    #[test]
    fn clones_of_a_manual_clock_move_together() {
        let clock = ManualClock::new(SystemTime::UNIX_EPOCH);
        clock.clone().advance(Duration::from_secs(60));
        assert_eq!(clock.now(), SystemTime::UNIX_EPOCH + Duration::from_secs(60));
    }
}
