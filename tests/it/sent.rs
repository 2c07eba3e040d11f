//! What reaches the emulated org below a client without a socket: counted by path and by status.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
    time::Duration,
};

use http::{Request, Response, StatusCode};
use okta_client::{
    Body, BoxError,
    transport::{Clock, TokioClock},
};
use okta_emulator::Emulator;
use tower::{Service, ServiceExt};

#[derive(Clone, Default)]
pub(crate) struct Sent {
    counts: Arc<Mutex<BTreeMap<(String, StatusCode), usize>>>,
    /// How long the next request is in flight.
    delay: Arc<Mutex<Option<Duration>>>,
}

impl Sent {
    /// The emulated org as the transport of a stack; every request to it is counted here.
    pub(crate) fn to(
        &self,
        emulator: &Emulator,
    ) -> impl Service<Request<Body>, Response = Response<okta_emulator::Body>, Error = BoxError, Future: Send + 'static>
    + Clone
    + Send
    + Sync
    + 'static
    + use<> {
        let (sent, emulator) = (self.clone(), emulator.clone());
        tower::service_fn(move |request: Request<Body>| {
            let (sent, emulator) = (sent.clone(), emulator.clone());
            let path = request.uri().path().to_owned();
            async move {
                let delay = sent.delay.lock().unwrap().take();
                if let Some(delay) = delay {
                    TokioClock.sleep(delay).await;
                }
                let response = emulator.oneshot(request).await?;
                *sent
                    .counts
                    .lock()
                    .unwrap()
                    .entry((path, response.status()))
                    .or_default() += 1;
                Ok(response)
            }
        })
    }

    /// Lets the next request take so long to arrive.
    pub(crate) fn delay_next(&self, delay: Duration) {
        *self.delay.lock().unwrap() = Some(delay);
    }

    /// How many requests for this path there were.
    pub(crate) fn for_path(&self, path: &str) -> usize {
        self.sum(|sent, _| sent == path)
    }

    /// How many responses had this status.
    pub(crate) fn with_status(&self, status: StatusCode) -> usize {
        self.sum(|_, answered| answered == status)
    }

    fn sum(&self, counts: impl Fn(&str, StatusCode) -> bool) -> usize {
        let counts_by_path = self.counts.lock().unwrap();
        let counted = counts_by_path
            .iter()
            .filter(|((path, status), _)| counts(path, *status));
        counted.map(|(_, count)| count).sum()
    }
}
