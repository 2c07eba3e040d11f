//! The System Log as it grows.

mod position;
mod store;

use std::{
    fmt,
    future::Future,
    pin::{Pin, pin},
    sync::Arc,
    time::{Duration, Instant, SystemTime},
};

use futures_core::Stream;
use futures_util::{
    future::{Either, select},
    stream,
};
use okta_models::LogEvent;
use okta_transport::Clock;
use tokio::sync::watch;

pub use position::TailPosition;
pub use store::{CursorStore, FileStore, MemoryStore};

use crate::{
    BoxError, Cursor, Error,
    api::logs::{ListLogEvents, Logs},
    core::{Draft, GrowingWait, Received},
    error::{InvalidRequest, StoreProblem},
    paging::{OpenPage, follow, next_link},
};

const POLL_INTERVAL: Duration = Duration::from_secs(5);
/// How many events Okta gives at a time where nothing is said.
const DEFAULT_LIMIT: usize = 100;
const LARGEST_LIMIT: i64 = 1000;

impl Logs {
    /// Follows the log from a moment on (RFC 3339, `2026-11-26T00:00:00Z` for example): see [`Tail`].
    ///
    /// ```no_run
    /// use okta_client::FileStore;
    ///
    /// # async fn doc(okta: okta_client::OktaClient) -> Result<(), okta_client::Error> {
    /// let mut events = okta.logs().tail("2026-11-26T00:00:00Z").store(FileStore::new("okta-log.position"));
    /// while let Some(event) = events.try_next().await? {
    ///     println!("{:?} {:?}", event.published, event.event_type);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn tail(&self, since: impl Into<String>) -> Tail {
        self.list().since(since).limit(LARGEST_LIMIT).tail()
    }
}

impl ListLogEvents {
    /// Follows the log by this filter, from `since` on: see [`Tail`]. Neither `until` nor a descending `sortOrder` goes with it.
    pub fn tail(self) -> Tail {
        Tail::new(self.0.draft)
    }
}

/// The System Log as it grows: all events, in the order Okta lists them, without gaps.
///
/// It follows the log's own `next` links, at once while pages are full and every
/// [`poll_interval`](Self::poll_interval) where it has caught up. An event that comes again on an overlapping page is
/// dropped: the 5,000 acknowledged last are remembered by `uuid`, over restarts too.
///
/// **What counts as done.** An event is acknowledged when the next one is asked for. With a [`store`](Self::store) the
/// position is saved when all events of a page are acknowledged, and when the tail is stopped. A program that dies goes on
/// at the last saved position: no event is lost, and those of one page may come again (at least once). Save the position
/// together with what became of the events, in one transaction, and each event counts exactly once: see [`CursorStore`].
///
/// **What can go wrong.** A failure that may pass (a broken connection, a timeout, 429, 5xx) is not yours to handle: the same
/// page is asked for again after a wait that grows from 1 s to a minute, or is as long as Okta asks for, and
/// `tracing` is told. Anything else (no permission, a filter Okta does not understand, a store that fails ([`Error::is_store`]), an event
/// that cannot be read) is an error, and the tail goes on when it is asked again: behind the event, or with another try. A
/// position Okta does not know any more is such an error; start anew then from the time of the last event.
///
/// Source: <https://developer.okta.com/docs/reference/api/system-log/#polling-requests>.
#[must_use = "a tail does nothing unless it is asked for events"]
pub struct Tail {
    list: Draft,
    store: Box<dyn CursorStore>,
    clock: Arc<dyn Clock>,
    poll_interval: Duration,
    limit: usize,
    /// `None` until the store was asked.
    position: Option<TailPosition>,
    is_saved: bool,
    /// What is asked for next, or was asked for last.
    request: Draft,
    /// Kept over a cancelled call, so that a caller who looks in often gets an answer too.
    receiving: Option<Receiving>,
    page: Option<OpenPage<LogEvent>>,
    unacknowledged: Option<String>,
    not_before: Option<Instant>,
    backoff: GrowingWait,
    stopped: watch::Receiver<bool>,
    stop: TailStop,
}

type Receiving = Pin<Box<dyn Future<Output = Result<Received, Error>> + Send>>;

/// Stops a [`Tail`] from elsewhere: a signal handler, another task. Clones stop the same one.
#[derive(Clone, Debug)]
pub struct TailStop(Arc<watch::Sender<bool>>);

impl TailStop {
    /// Ends the tail: whoever waits for an event gets `None`, and the position is saved before.
    pub fn stop(&self) {
        self.0.send_replace(true);
    }
}

impl Tail {
    fn new(mut list: Draft) -> Self {
        let is_descending = list
            .query_value("sortOrder")
            .is_some_and(|order| order.eq_ignore_ascii_case("DESCENDING"));
        if is_descending || list.query_value("until").is_some() {
            list.refuse(InvalidRequest::bounded_tail());
        }
        let limit = list.query_value("limit").and_then(|limit| limit.parse().ok());
        let (stop, stopped) = watch::channel(false);
        Self {
            store: Box::new(MemoryStore::new()),
            clock: Arc::clone(list.client.clock()),
            poll_interval: POLL_INTERVAL,
            limit: limit.unwrap_or(DEFAULT_LIMIT),
            position: None,
            is_saved: true,
            request: list.clone(),
            list,
            receiving: None,
            page: None,
            unacknowledged: None,
            not_before: None,
            backoff: GrowingWait::new(Duration::from_secs(1), Duration::from_secs(60)),
            stopped,
            stop: TailStop(Arc::new(stop)),
        }
    }

    /// Keeps the position here and goes on at the one kept there, whatever `since` says; without it a tail starts anew.
    pub fn store(mut self, store: impl CursorStore) -> Self {
        self.store = Box::new(store);
        self
    }

    /// How long to wait where the log has no more events; 5 s unless set.
    pub fn poll_interval(mut self, interval: Duration) -> Self {
        self.poll_interval = interval;
        self
    }

    /// Takes the time from this clock instead of the client's; for tests.
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    /// What stops this tail.
    #[must_use]
    pub fn stop_handle(&self) -> TailStop {
        self.stop.clone()
    }

    /// The next event; waits until there is one, and gives `None` only when it was stopped.
    ///
    /// Asking for it acknowledges the event before.
    ///
    /// # Errors
    /// Whatever does not pass by itself: see [`Tail`]. The next call goes on.
    ///
    /// # Cancel safety
    /// Dropping the future loses nothing: the next call goes on where it was.
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

    /// The events as a stream, which ends when the tail was stopped. Dropping it abandons what is under way; the position is
    /// then the one saved last.
    pub fn into_stream(self) -> impl Stream<Item = Result<LogEvent, Error>> + Send {
        stream::unfold(self, |mut tail| async move {
            let event = tail.try_next().await.transpose()?;
            Some((event, tail))
        })
    }

    fn acknowledge(&mut self) {
        if let (Some(uuid), Some(position)) = (self.unacknowledged.take(), &mut self.position) {
            position.acknowledged.insert(&uuid);
            self.is_saved = false;
        }
    }

    async fn load(&mut self) -> Result<(), Error> {
        if self.position.is_some() {
            return Ok(());
        }
        // A list that cannot be asked for says so itself.
        let first = Cursor::of(&self.list).unwrap_or_else(|| Cursor::from(String::new()));
        let saved = self.store.load().await;
        let position = match saved.map_err(|error| self.store_error("loaded from", error))? {
            Some(saved) => {
                self.request.resume(saved.page.clone());
                saved
            }
            None => TailPosition::at(first),
        };
        self.position = Some(position);
        Ok(())
    }

    async fn save(&mut self) -> Result<(), Error> {
        if let (false, Some(position)) = (self.is_saved, &self.position) {
            let saved = self.store.save(position).await;
            saved.map_err(|error| self.store_error("saved in", error))?;
            self.is_saved = true;
        }
        Ok(())
    }

    fn store_error(&self, action: &'static str, error: BoxError) -> Error {
        let store = self.store.name();
        Error::store(self.list.operation(), StoreProblem { action, store, error })
    }

    /// The next event of the page that is there; `None` behind its last.
    fn read(&mut self) -> Result<Option<LogEvent>, Error> {
        let (Some(page), Some(position)) = (&mut self.page, &self.position) else {
            return Ok(None);
        };
        loop {
            match page.next() {
                Ok(Some(event)) => {
                    let is_known = |uuid: &String| position.acknowledged.contains(uuid);
                    if event.uuid.as_ref().is_some_and(is_known) {
                        continue;
                    }
                    self.unacknowledged.clone_from(&event.uuid);
                    return Ok(Some(event));
                }
                Ok(None) => return self.turn_page().map(|()| None),
                Err(unreadable) => {
                    let (error, goes_on) = page.error(unreadable);
                    if !goes_on {
                        self.page = None;
                        self.put_off(&error);
                    }
                    return Err(error);
                }
            }
        }
    }

    /// Goes on behind a page that was read.
    fn turn_page(&mut self) -> Result<(), Error> {
        let Some(page) = self.page.take() else {
            return Ok(());
        };
        let next = next_link(page.received()).and_then(|link| link.map(|link| follow(page.draft(), &link)).transpose());
        let next = match next {
            Ok(next) => next,
            Err(problem) => {
                let answered = page.received().answered();
                let error = Error::paging(self.list.operation(), problem, Some(answered));
                self.put_off(&error);
                return Err(error);
            }
        };
        // Without a link the same page is asked for again, and what is known of it dropped.
        let is_full = next.is_some() && page.count() >= self.limit;
        if !is_full {
            self.not_before = Some(self.clock.now() + self.poll_interval);
        }
        if let Some((next, position)) = next.zip(self.position.as_mut()) {
            if let Some(cursor) = Cursor::of(&next).filter(|cursor| *cursor != position.page) {
                position.page = cursor;
                self.is_saved = false;
            }
            self.request = next;
        }
        Ok(())
    }

    /// Waits until it is time to ask again, or the tail is stopped.
    async fn wait(&mut self) {
        while let Some(until) = self.not_before.filter(|_| !*self.stopped.borrow()) {
            let left = until.saturating_duration_since(self.clock.now());
            if left.is_zero() {
                self.not_before = None;
                return;
            }
            let stopped = pin!(self.stopped.wait_for(|stopped| *stopped));
            select(self.clock.sleep(left), stopped).await;
        }
    }

    /// Asks for a page; whether there is one then is for the caller to look.
    async fn receive(&mut self) -> Result<(), Error> {
        if *self.stopped.borrow() {
            return Ok(());
        }
        let result = {
            let receiving = self
                .receiving
                .get_or_insert_with(|| Box::pin(self.request.clone().send()));
            let stopped = pin!(self.stopped.wait_for(|stopped| *stopped));
            match select(receiving, stopped).await {
                Either::Left((result, _)) => Some(result),
                Either::Right(_) => None,
            }
        };
        self.receiving = None;
        match result {
            Some(Ok(received)) => {
                self.backoff.reset();
                self.page = Some(OpenPage::open(received));
            }
            Some(Err(error)) => {
                let wait = self.put_off(&error);
                if !error.is_transient() {
                    return Err(error);
                }
                tracing::warn!(%error, ?wait, "the log cannot be read, it is tried again");
            }
            None => {}
        }
        Ok(())
    }

    /// Lets some time pass after an error.
    fn put_off(&mut self, error: &Error) -> Duration {
        let reset = error.rate_limit().filter(|_| error.is_rate_limited());
        let until_reset = reset.and_then(|limit| {
            let reset = SystemTime::UNIX_EPOCH.checked_add(Duration::from_secs(limit.reset))?;
            reset.duration_since(self.clock.system_time()).ok()
        });
        let asked = error.retry_after().or(until_reset).unwrap_or_default();
        // What asks for longer is taken for garbage: Okta's windows last a minute.
        let asked = asked.min(Duration::from_secs(60 * 60));
        let wait = self.backoff.next().max(asked);
        self.not_before = Some(self.clock.now() + wait);
        wait
    }
}

impl fmt::Debug for Tail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tail")
            .field("list", &self.list)
            .field("position", &self.position)
            .finish_non_exhaustive()
    }
}
