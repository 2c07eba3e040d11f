//! One request that several calls share: how far it is, and what a call that follows it does.

use std::{
    error::Error,
    fmt,
    pin::pin,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use futures_util::future::{Either, Shared, WeakShared, select};
use http::Response;
use okta_auth::BoxFuture;
use tokio::sync::watch;
use tower::BoxError;

use super::{entry::Entry, settings::Settings};
use crate::service::body::Body;

/// The search for a response: store, request, and what is done with the result. Every call that waits for it drives it,
/// because the call that has begun it may not be polled.
pub(super) type Search = Shared<BoxFuture<'static, ()>>;
type WeakSearch = WeakShared<BoxFuture<'static, ()>>;

#[derive(Clone, Debug)]
pub(super) enum Progress {
    /// There is no response yet. The search is held by the calls that wait for it, so it ends with the last of them.
    Asked(Option<WeakSearch>),
    /// The head of the response is there. The call that leads is expected to read the body, if that is not in memory.
    Reading(Option<WeakSearch>),
    /// The response for all who wait; `None` if it cannot be shared, so that each of them sends its own request.
    Done(Option<Arc<Entry>>),
    /// The request failed. `None` if the failure cannot be shared.
    Failed(Option<SharedFailure>),
}

impl Progress {
    fn has_ended(&self) -> bool {
        matches!(self, Self::Done(_) | Self::Failed(_))
    }
}

/// A failure that several calls report.
#[derive(Clone, Debug)]
pub(super) enum SharedFailure {
    Response(Arc<Entry>),
    Error(SharedError),
}

impl SharedFailure {
    pub(super) fn into_result(self, settings: &Settings) -> Result<Response<Body>, BoxError> {
        match self {
            Self::Response(entry) => Ok(entry.hit(settings.clock.system_time())),
            Self::Error(error) => Err(error.into()),
        }
    }
}

/// The error of one request, for all calls that waited for it.
#[derive(Clone, Debug)]
pub(super) struct SharedError(Arc<dyn Error + Send + Sync>);

impl SharedError {
    pub(super) fn new(error: BoxError) -> Self {
        Self(error.into())
    }
}

impl fmt::Display for SharedError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("the request that several equal calls share failed")
    }
}

impl Error for SharedError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&*self.0)
    }
}

/// A request in flight, as calls for the same see it.
#[derive(Clone, Debug)]
pub(super) struct Flight {
    pub(super) read: u64,
    pub(super) progress: watch::Receiver<Progress>,
    /// How many parts of the body were read so far.
    pub(super) parts: Arc<AtomicU64>,
}

/// What became of a request that was followed.
pub(super) enum Outcome {
    /// Its response.
    Answer(Arc<Entry>),
    /// The response cannot be shared: each caller sends its own request.
    Alone,
    /// It failed: lead the next request, or follow the call that does.
    Failed(Option<SharedFailure>),
    /// It was dropped: lead the next request, or follow the call that does.
    GivenUp,
    /// The response has begun, but is not read: lead the next request in its place.
    Overdue,
}

impl Flight {
    /// Waits until the request has ended. If the response has begun and nothing of its body is read for
    /// [`Settings::single_flight_timeout`], it waits no longer.
    pub(super) async fn outcome(&mut self, settings: &Settings) -> Outcome {
        let search = loop {
            match &*self.progress.borrow_and_update() {
                Progress::Asked(None) => {}
                Progress::Asked(Some(search)) | Progress::Reading(Some(search)) => break search.upgrade(),
                Progress::Reading(None) | Progress::Done(_) | Progress::Failed(_) => break None,
            }
            if self.progress.changed().await.is_err() {
                return Outcome::GivenUp;
            }
        };
        if let Some(search) = search
            && let Either::Left((outcome, _)) = select(pin!(self.end()), search).await
        {
            return outcome;
        }
        loop {
            let parts = Arc::clone(&self.parts);
            let seen = parts.load(Ordering::Relaxed);
            let single_flight_timeout = settings.clock.sleep(settings.single_flight_timeout);
            match select(pin!(self.end()), single_flight_timeout).await {
                Either::Left((outcome, _)) => return outcome,
                Either::Right(_) if parts.load(Ordering::Relaxed) != seen => {}
                Either::Right(_) => return Outcome::Overdue,
            }
        }
    }

    async fn end(&mut self) -> Outcome {
        match self.progress.wait_for(Progress::has_ended).await.as_deref() {
            Ok(Progress::Done(Some(answer))) => Outcome::Answer(Arc::clone(answer)),
            Ok(Progress::Failed(failure)) => Outcome::Failed(failure.clone()),
            Ok(_) => Outcome::Alone,
            Err(_) => Outcome::GivenUp,
        }
    }
}
