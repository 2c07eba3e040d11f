//! The System Log as it grows.

use std::{
    fmt,
    sync::Arc,
    time::{Duration, Instant},
};

use futures_core::Stream;
use futures_util::stream;
use okta_models::{LogEvent, TimeArg};
use okta_transport::Clock;
use tokio::sync::watch;

use super::{
    checkpoint::Checkpoint, checkpoint_store::MemoryCheckpointStore, shared_checkpoint_store::SharedCheckpointStore,
    stop_handle::StopHandle,
};
use crate::{
    api::logs::{ListLogEvents, Logs},
    error::{Error, RequestError},
    paging::{PageFetch, PageReader},
    request::{Draft, ListParameters},
    wait::{Backoff, FailureTracker, Observer, WaitReason, Waiting},
};

const POLL_INTERVAL: Duration = Duration::from_secs(5);
/// How many events Okta returns at a time without a `limit`.
const DEFAULT_LIMIT: usize = 100;
const LARGEST_LIMIT: i64 = 1000;

impl Logs {
    /// Follows the log from a moment on (text such as `2026-11-26T00:00:00Z`, or a time): see [`Tail`].
    ///
    /// ```no_run
    /// use okta_client::log_tail::FileCheckpointStore;
    ///
    /// # async fn doc(okta: okta_client::OktaClient) -> Result<(), okta_client::Error> {
    /// let mut events = okta.logs().tail("2026-11-26T00:00:00Z").store(FileCheckpointStore::new("okta-log.checkpoint"));
    /// while let Some(event) = events.try_next().await? {
    ///     println!("{:?} {:?}", event.published, event.event_type);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn tail(&self, since: impl Into<TimeArg>) -> Tail {
        self.list().since(since).limit(LARGEST_LIMIT).tail()
    }
}

impl ListLogEvents {
    /// Follows the log by this filter, from `since` on: see [`Tail`]. `until` and a descending `sortOrder` are errors.
    pub fn tail(self) -> Tail {
        Tail::new(self.0.draft)
    }
}

/// The System Log as it grows: all events, in the order Okta lists them, without gaps.
///
/// It follows the log's own `next` links: at once while pages are full, and every [`poll_interval`](Self::poll_interval) when
/// it has caught up. An event that is on a later page again is dropped: the 5,000 events that were acknowledged last are
/// remembered by `uuid`, over restarts too. The cache is never read.
///
/// **What counts as done.** An event is acknowledged when the next one is asked for. With a [`store`](Self::store) the
/// checkpoint is saved when all events of a page are acknowledged, and when the tail is stopped. A program that dies resumes
/// at the last checkpoint: no event is lost, and those of one page may be delivered again (at least once). Save the
/// checkpoint together with the results of the events, in one transaction, and each event counts exactly once: see
/// [`CheckpointStore`](super::CheckpointStore).
///
/// **What can fail.** A failure that may pass (a broken connection, a timeout, 429, 5xx) is waited out: the same page is
/// asked for again after a delay that grows from 1 s to a minute, or is as long as Okta asks for. Anything else is an error,
/// and the tail continues when it is asked again, with the next event or with another request: no permission, a filter Okta
/// does not understand, a store that fails ([`Error::is_checkpoint`]), an event that cannot be read, and a failure that another
/// attempt does not change (a certificate that is not trusted, a proxy that refuses, a host name that cannot be looked up
/// three times in a row). If Okta does not know a checkpoint any more, start a new tail from the time of the last event.
///
/// **What it waits for** is reported to the closure given to [`on_wait`](Self::on_wait), and as events of `tracing`: at level
/// debug if there is nothing new, info after a failure, warn after three failures in a row.
///
/// Source: <https://developer.okta.com/docs/reference/api/system-log/#polling-requests>.
#[must_use = "a tail does nothing unless it is asked for events"]
pub struct Tail {
    pub(super) list: Draft,
    pub(super) parameters: ListParameters,
    pub(super) store: SharedCheckpointStore,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) poll_interval: Duration,
    pub(super) limit: usize,
    /// `None` until the store was asked.
    pub(super) checkpoint: Option<Checkpoint>,
    pub(super) is_saved: bool,
    /// What is asked for next, or was asked for last.
    pub(super) request: Draft,
    /// Stays over a cancelled call, so that a caller with a short timeout gets a page too. It runs as a task: a caller that
    /// does not come back holds no permit and no connection.
    pub(super) receiving: Option<PageFetch>,
    pub(super) page: Option<PageReader<LogEvent>>,
    pub(super) unacknowledged: Option<String>,
    pub(super) not_before: Option<Instant>,
    pub(super) backoff: Backoff,
    pub(super) failures: FailureTracker,
    pub(super) observer: Observer,
    /// The reason of the last delay, and how many requests in a row have ended for it.
    pub(super) waits: (WaitReason, u32),
    pub(super) last_events: Option<Instant>,
    pub(super) stopped: watch::Receiver<bool>,
    pub(super) stop: StopHandle,
}

impl Tail {
    fn new(mut list: Draft) -> Self {
        let is_descending = list
            .query_value("sortOrder")
            .is_some_and(|order| order.eq_ignore_ascii_case("DESCENDING"));
        if is_descending || list.query_value("until").is_some() {
            list.refuse(RequestError::bounded_tail());
        }
        let limit = list.query_value("limit").and_then(|limit| limit.parse().ok());
        let (stop, stopped) = watch::channel(false);
        Self {
            store: MemoryCheckpointStore::new().into(),
            clock: Arc::clone(list.client.clock()),
            poll_interval: POLL_INTERVAL,
            limit: limit.unwrap_or(DEFAULT_LIMIT),
            checkpoint: None,
            is_saved: true,
            request: list.clone(),
            parameters: list.list_parameters().without_beginning(),
            list,
            receiving: None,
            page: None,
            unacknowledged: None,
            not_before: None,
            backoff: Backoff::new(Duration::from_secs(1), Duration::from_secs(60)),
            failures: FailureTracker::default(),
            observer: Observer::default(),
            waits: (WaitReason::NothingNew, 0),
            last_events: None,
            stopped,
            stop: StopHandle(Arc::new(stop)),
        }
    }

    /// Saves the checkpoint in this store and resumes at the one saved there; `since` is ignored then. Without a store each tail
    /// starts again.
    pub fn store(mut self, store: impl Into<SharedCheckpointStore>) -> Self {
        self.store = store.into();
        self
    }

    /// Sets the delay between two requests when the log has no further events; 5 s unless set.
    pub fn poll_interval(mut self, interval: Duration) -> Self {
        self.poll_interval = interval;
        self
    }

    /// Takes the time from this clock instead of the client's; for tests.
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    /// Calls this closure each time before a delay, with the reason and the length of the delay.
    ///
    /// ```no_run
    /// # fn doc(okta: okta_client::OktaClient) {
    /// let events = okta.logs().tail("2026-11-26T00:00:00Z").on_wait(|waiting| {
    ///     eprintln!("{} ({} times in a row), next request in {:?}", waiting.reason, waiting.attempts, waiting.delay);
    /// });
    /// # drop(events);
    /// # }
    /// ```
    pub fn on_wait(mut self, report: impl Fn(&Waiting<'_>) + Send + Sync + 'static) -> Self {
        self.observer = Observer::new(report);
        self
    }

    /// Returns the handle that stops this tail.
    #[must_use]
    pub fn stop_handle(&self) -> StopHandle {
        self.stop.clone()
    }

    /// The next event; waits until there is one, and returns `None` only when the tail was stopped.
    ///
    /// Asking for it acknowledges the event before.
    ///
    /// # Errors
    /// A failure that does not pass by itself: see [`Tail`]. The next call continues.
    ///
    /// # Cancel safety
    /// Dropping the future loses nothing: the next call continues. A request that is under way runs to its end as a task of
    /// the tokio runtime; dropping the tail aborts it.
    #[inline]
    pub async fn try_next(&mut self) -> Result<Option<LogEvent>, Error> {
        self.acknowledge();
        self.load().await?;
        loop {
            if *self.stopped.borrow() {
                self.save().await?;
                return Ok(None);
            }
            if self.page.is_some() {
                if let Some(event) = self.read()? {
                    return Ok(Some(event));
                }
                continue;
            }
            self.save().await?;
            self.wait().await;
            self.receive().await?;
        }
    }

    /// The events as a stream, which ends when the tail is stopped. Dropping it abandons what is under way; the checkpoint is
    /// then the one saved last.
    #[inline]
    pub fn into_stream(self) -> impl Stream<Item = Result<LogEvent, Error>> + Send {
        stream::unfold(self, |mut tail| async move {
            let event = tail.try_next().await.transpose()?;
            Some((event, tail))
        })
    }
}

impl fmt::Debug for Tail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tail")
            .field("list", &self.list)
            .field("checkpoint", &self.checkpoint)
            .finish_non_exhaustive()
    }
}
