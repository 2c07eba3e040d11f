use std::{
    sync::Arc,
    time::{Duration, Instant, SystemTime},
};

use okta_auth::BoxFuture;
use okta_transport::Clock;
use tokio::sync::watch;

/// A clock that stands still until the test advances it, as a user could write it.
#[derive(Clone, Debug)]
pub(crate) struct ManualClock {
    start: Instant,
    passed: Arc<watch::Sender<Duration>>,
}

impl ManualClock {
    #[expect(clippy::disallowed_methods, reason = "any moment will do to begin with")]
    pub(crate) fn new() -> Self {
        Self {
            start: Instant::now(),
            passed: Arc::new(watch::Sender::new(Duration::ZERO)),
        }
    }

    pub(crate) fn advance(&self, duration: Duration) {
        self.passed.send_modify(|passed| *passed += duration);
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Instant {
        self.start + *self.passed.borrow()
    }

    fn system_time(&self) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_secs(1_700_000_000) + *self.passed.borrow()
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        let mut passed = self.passed.subscribe();
        let end = *passed.borrow() + duration;
        Box::pin(async move {
            if passed.wait_for(|passed| *passed >= end).await.is_err() {
                std::future::pending::<()>().await;
            }
        })
    }
}
