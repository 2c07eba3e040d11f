//! The calls of the store, each in a task, so that no request waits for a future that is not polled.

use std::{
    sync::{Arc, Weak},
    time::Duration,
};

use futures_util::future::{Either, select};
use okta_auth::Clock;
use tokio::runtime::Handle;
use tower::BoxError;
use tracing::{Instrument, instrument::WithSubscriber};

use super::{
    health::Health,
    lease::{Idle, StoreCall},
    settings::Fleet,
    store::{Decision, RateLimitKeys, Reservation},
};

/// A lease that is not used for this long is given back.
const IDLE: Duration = Duration::from_secs(1);

/// The bucket whose lease it is.
pub(in crate::layers::rate_limit) trait LeaseHolder: Send + Sync + 'static {
    /// Takes note of the result of a call: the outer `None` stands for a failure.
    fn ended(&self, call: &StoreCall, result: Option<Option<Reservation>>);
    /// How many permits have been used so far.
    fn used(&self) -> u64;
    fn idle(&self, number: u64, used: u64) -> Idle;
}

/// What a call needs beside the lease.
#[derive(Clone)]
pub(in crate::layers::rate_limit) struct Caller<H> {
    pub(in crate::layers::rate_limit) holder: Arc<H>,
    pub(in crate::layers::rate_limit) fleet: Arc<Fleet>,
    pub(in crate::layers::rate_limit) health: Arc<Health>,
    pub(in crate::layers::rate_limit) keys: Arc<RateLimitKeys>,
    pub(in crate::layers::rate_limit) clock: Arc<dyn Clock>,
}

impl<H: LeaseHolder> Caller<H> {
    /// Begins the call as a task of this runtime.
    pub(in crate::layers::rate_limit) fn spawn(self, runtime: &Handle, call: StoreCall) {
        let ending = Ending {
            holder: Arc::clone(&self.holder),
            call: Some(call),
        };
        // It is not a part of the call that happens to make it.
        let task = self.run(ending).instrument(tracing::Span::none());
        runtime.spawn(task.with_current_subscriber());
    }

    async fn run(self, mut ending: Ending<H>) {
        let Some(call) = ending.call.as_ref() else { return };
        let number = call.number;
        let granted = match self.within_limit(call).await {
            Ok(reservation) => {
                self.health.succeeded();
                let granted = reservation.is_some_and(|reservation| {
                    matches!(reservation.decision, Decision::Granted { .. } | Decision::Probe { .. })
                });
                ending.end(Some(reservation));
                granted
            }
            Err(error) => {
                self.health.failed(self.clock.now(), error.as_ref());
                ending.end(None);
                false
            }
        };
        drop(ending);
        if granted {
            self.watch(number).await;
        }
    }

    /// Makes the call, and waits for it.
    pub(in crate::layers::rate_limit) async fn finish(self, call: StoreCall) {
        let mut ending = Ending {
            holder: Arc::clone(&self.holder),
            call: Some(call),
        };
        let Some(call) = ending.call.as_ref() else { return };
        let result = self.within_limit(call).await;
        match &result {
            Ok(_) => self.health.succeeded(),
            Err(error) => self.health.failed(self.clock.now(), error.as_ref()),
        }
        ending.end(result.ok());
    }

    async fn within_limit(&self, call: &StoreCall) -> Result<Option<Reservation>, Option<BoxError>> {
        let limit = self.clock.sleep(self.health.limit(self.fleet.store_timeout));
        let made = Box::pin(async {
            match call.request {
                Some(request) => self
                    .fleet
                    .store
                    .reserve(&self.keys, &call.usage, request)
                    .await
                    .map(Some),
                None => self.fleet.store.observe(&self.keys, &call.usage).await.map(|()| None),
            }
        });
        match select(made, limit).await {
            Either::Left((result, _)) => result.map_err(Some),
            Either::Right(_) => Err(None),
        }
    }

    /// Gives the lease back when it is not used any more.
    async fn watch(self, number: u64) {
        let mut used = self.holder.used();
        let holder: Weak<H> = Arc::downgrade(&self.holder);
        let Self {
            holder: strong,
            fleet,
            health,
            keys,
            clock,
        } = self;
        drop(strong);
        loop {
            clock.sleep(IDLE).await;
            let Some(holder) = holder.upgrade() else { return };
            match holder.idle(number, used) {
                Idle::No(now) => used = now,
                Idle::Over => return,
                Idle::GiveBack(call) => {
                    let caller = Self {
                        holder,
                        fleet,
                        health,
                        keys,
                        clock,
                    };
                    caller.finish(call).await;
                    return;
                }
            }
        }
    }
}

/// A call that has not ended. Dropped, it has failed: its runtime has been shut down.
struct Ending<H: LeaseHolder> {
    holder: Arc<H>,
    call: Option<StoreCall>,
}

impl<H: LeaseHolder> Ending<H> {
    fn end(&mut self, result: Option<Option<Reservation>>) {
        if let Some(call) = self.call.take() {
            self.holder.ended(&call, result);
        }
    }
}

impl<H: LeaseHolder> Drop for Ending<H> {
    fn drop(&mut self) {
        self.end(None);
    }
}
