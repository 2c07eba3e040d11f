//! A clock that jumps ahead as soon as a task sleeps.

use std::{
    sync::{Arc, Mutex},
    time::{Duration, Instant, SystemTime},
};

use okta_client::{auth::BoxFuture, transport::Clock};

#[derive(Clone, Debug)]
pub(crate) struct VirtualClock {
    start: Instant,
    slept: Arc<Mutex<Vec<Duration>>>,
}

impl VirtualClock {
    #[expect(clippy::disallowed_methods, reason = "any moment will do to begin with")]
    pub(crate) fn new() -> Self {
        Self {
            start: Instant::now(),
            slept: Arc::default(),
        }
    }

    /// How long was slept, one time after another.
    pub(crate) fn slept(&self) -> Vec<Duration> {
        self.slept.lock().unwrap().clone()
    }

    pub(crate) fn passed(&self) -> Duration {
        self.slept.lock().unwrap().iter().sum()
    }
}

impl Clock for VirtualClock {
    fn now(&self) -> Instant {
        self.start + self.passed()
    }

    fn system_time(&self) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_secs(1_700_000_000) + self.passed()
    }

    /// Time advances when the sleep is over, and others have had their turn before.
    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        let slept = self.slept.clone();
        Box::pin(async move {
            tokio::task::yield_now().await;
            slept.lock().unwrap().push(duration);
        })
    }
}
