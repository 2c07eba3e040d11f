//! Tokio's paused time for both sides: the client's stack and the emulated org have the same date.

use std::{
    sync::Arc,
    time::{Duration, Instant, SystemTime},
};

use okta_client::{auth::BoxFuture, transport::Clock};
use okta_emulator::{Clock as _, TokioClock};

#[derive(Clone, Copy, Debug)]
pub(crate) struct VirtualClock(TokioClock);

impl VirtualClock {
    pub(crate) fn new() -> Self {
        Self(TokioClock::new(
            SystemTime::UNIX_EPOCH + Duration::from_secs(1_700_000_000),
        ))
    }

    /// The emulated org's.
    pub(crate) fn of_org(self) -> TokioClock {
        self.0
    }

    pub(crate) fn shared(self) -> Arc<dyn Clock> {
        Arc::new(self)
    }
}

impl Clock for VirtualClock {
    fn now(&self) -> Instant {
        tokio::time::Instant::now().into_std()
    }

    fn system_time(&self) -> SystemTime {
        self.0.now()
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        self.0.sleep(duration)
    }
}
