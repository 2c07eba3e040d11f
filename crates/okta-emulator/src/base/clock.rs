//! Where the emulated org takes the time from.
//!
//! The only module that reads the system's clock or waits; everything else asks the [`Clock`] it was given.

use std::{
    fmt, mem,
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Poll, Waker},
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

    /// Ends when the clock has gone on by `duration`: how slow responses are slow.
    ///
    /// Unless implemented otherwise it follows tokio's clock, which a test can pause, and needs a tokio runtime.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future ends the wait and nothing else.
    #[expect(clippy::disallowed_methods, reason = "the home of waiting in this crate")]
    fn sleep(&self, duration: Duration) -> Sleep {
        Box::pin(async move { tokio::time::sleep(duration).await })
    }
}

/// A wait on a [`Clock`].
pub type Sleep = Pin<Box<dyn Future<Output = ()> + Send + Sync>>;

/// The clock of the machine: the default.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the home of the system's clock in this crate")]
    fn now(&self) -> SystemTime {
        SystemTime::now()
    }
}

/// A clock that goes with tokio's: in a test that pauses tokio's time, the org's time is paused and skips ahead with it.
///
/// A test that pauses time needs it: with the clock of the machine, no window of a rate limit of the org ever ends while the
/// client waits in paused time.
///
/// Made and used within a tokio runtime. The default shows the time of the machine when it is made.
#[derive(Clone, Copy, Debug)]
pub struct TokioClock {
    start: SystemTime,
    since: tokio::time::Instant,
}

impl TokioClock {
    /// A clock that shows `start` now.
    pub fn new(start: SystemTime) -> Self {
        Self {
            start,
            since: tokio::time::Instant::now(),
        }
    }
}

impl Default for TokioClock {
    fn default() -> Self {
        Self::new(SystemClock.now())
    }
}

impl Clock for TokioClock {
    fn now(&self) -> SystemTime {
        self.start + self.since.elapsed()
    }
}

/// A clock that stands still until it is moved.
///
/// Clones show the same time.
#[derive(Clone)]
pub struct ManualClock {
    face: Arc<Mutex<Face>>,
}

struct Face {
    now: SystemTime,
    /// Who waits; all are woken whenever the clock moves.
    waiting: Vec<Waker>,
}

impl ManualClock {
    /// A clock that shows `start`.
    pub fn new(start: SystemTime) -> Self {
        Self {
            face: Arc::new(Mutex::new(Face {
                now: start,
                waiting: Vec::new(),
            })),
        }
    }

    /// Moves the clock forward.
    pub fn advance(&self, by: Duration) {
        self.move_to(|now| now + by);
    }

    /// Sets the clock.
    pub fn set(&self, to: SystemTime) {
        self.move_to(|_| to);
    }

    fn move_to(&self, change: impl FnOnce(SystemTime) -> SystemTime) {
        let woken = {
            let mut face = self.face();
            face.now = change(face.now);
            mem::take(&mut face.waiting)
        };
        woken.into_iter().for_each(Waker::wake);
    }

    fn face(&self) -> MutexGuard<'_, Face> {
        self.face.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for ManualClock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ManualClock").field(&self.now()).finish()
    }
}

impl Clock for ManualClock {
    fn now(&self) -> SystemTime {
        self.face().now
    }

    fn sleep(&self, duration: Duration) -> Sleep {
        let clock = self.clone();
        let end = self.now() + duration;
        Box::pin(std::future::poll_fn(move |context| {
            let mut face = clock.face();
            if face.now >= end {
                return Poll::Ready(());
            }
            face.waiting.push(context.waker().clone());
            Poll::Pending
        }))
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
    use std::task::Context;

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

    #[tokio::test]
    async fn a_wait_on_a_manual_clock_ends_when_the_clock_gets_there() {
        let clock = ManualClock::new(SystemTime::UNIX_EPOCH);
        let mut wait = clock.sleep(Duration::from_secs(5));
        clock.advance(Duration::from_secs(4));
        assert!(wait.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
        // Woken by the clock: otherwise this would never come to an end.
        tokio::join!(wait, async { clock.advance(Duration::from_secs(1)) });
    }

    #[tokio::test(start_paused = true)]
    async fn a_tokio_clock_goes_with_tokio_time() {
        let clock = TokioClock::new(SystemTime::UNIX_EPOCH);
        clock.sleep(Duration::from_secs(90)).await;
        assert_eq!(clock.now(), SystemTime::UNIX_EPOCH + Duration::from_secs(90));
    }
}
