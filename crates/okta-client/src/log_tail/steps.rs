//! The steps of a tail: load, ask, read, acknowledge, save.

use std::{
    future::poll_fn,
    pin::pin,
    task::{Poll, ready},
    time::{Duration, Instant, SystemTime},
};

use futures_util::future::{Either, select};
use okta_models::LogEvent;

use okta_transport::BoxError;

use super::{checkpoint::Checkpoint, tail::Tail};
use crate::{
    error::{CheckpointError, Error},
    paging::{PageFetch, PageReader, follow, next_link},
    request::Cursor,
    wait::{WaitReason, Waiting, asked_delay},
};

impl Tail {
    pub(super) fn acknowledge(&mut self) {
        if let (Some(uuid), Some(checkpoint)) = (self.unacknowledged.take(), &mut self.checkpoint) {
            checkpoint.acknowledged.insert(&uuid);
            self.is_saved = false;
        }
    }

    pub(super) async fn load(&mut self) -> Result<(), Error> {
        if self.checkpoint.is_some() {
            return Ok(());
        }
        // A list that cannot be asked for reports that itself.
        let first = self.list.cursor().unwrap_or_else(|| Cursor::from(String::new()));
        let saved = self.store.load().await;
        let checkpoint = match saved.map_err(|error| self.store_error("loaded from", error))? {
            Some(saved) => {
                self.request.resume(saved.page.clone());
                saved
            }
            None => Checkpoint::at(first),
        };
        self.checkpoint = Some(checkpoint);
        Ok(())
    }

    pub(super) async fn save(&mut self) -> Result<(), Error> {
        if let (false, Some(checkpoint)) = (self.is_saved, &self.checkpoint) {
            let saved = self.store.save(checkpoint).await;
            saved.map_err(|error| self.store_error("saved in", error))?;
            self.is_saved = true;
        }
        Ok(())
    }

    fn store_error(&self, action: &'static str, error: BoxError) -> Error {
        let store = self.store.name();
        Error::checkpoint(self.list.operation(), CheckpointError { action, store, error })
    }

    /// The next event of the current page; `None` after its last.
    // Compiled, with the model of an event, by those who read a tail.
    #[inline]
    pub(super) fn read(&mut self) -> Result<Option<LogEvent>, Error> {
        let (Some(page), Some(checkpoint)) = (&mut self.page, &self.checkpoint) else {
            return Ok(None);
        };
        loop {
            match page.next() {
                Ok(Some(event)) => {
                    let is_known = |uuid: &String| checkpoint.acknowledged.contains(uuid);
                    if event.uuid.as_ref().is_some_and(is_known) {
                        continue;
                    }
                    self.unacknowledged.clone_from(&event.uuid);
                    self.last_events = Some(self.clock.now());
                    self.measure_lag(&event);
                    self.waits = (WaitReason::NothingNew, 0);
                    return Ok(Some(event));
                }
                Ok(None) => return self.advance().map(|()| None),
                Err(unreadable) => {
                    let (error, continues) = page.error(unreadable);
                    if !continues {
                        self.page = None;
                        self.schedule_retry(&error);
                    }
                    return Err(error);
                }
            }
        }
    }

    /// Continues after a page that was read.
    fn advance(&mut self) -> Result<(), Error> {
        let Some(page) = self.page.take() else {
            return Ok(());
        };
        let follow = |link: String| follow(page.draft(), &link, &self.parameters);
        let next = match next_link(page.received()).and_then(|link| link.map(follow).transpose()) {
            Ok(next) => next,
            Err(problem) => {
                let response = page.received().error_response();
                let error = Error::paging(self.list.operation(), problem, Some(response));
                self.schedule_retry(&error);
                return Err(error);
            }
        };
        // Without a link the same page is asked for again, and what is known of it dropped.
        let is_full = next.is_some() && page.count() >= self.limit;
        if let Some((next, checkpoint)) = next.zip(self.checkpoint.as_mut()) {
            if let Some(cursor) = next.cursor().filter(|cursor| *cursor != checkpoint.page) {
                checkpoint.page = cursor;
                self.is_saved = false;
            }
            self.request = next;
        }
        if !is_full {
            if let Some(metrics) = self.list.client.metrics() {
                metrics.tail_lag(Duration::ZERO);
            }
            self.not_before = Some(after(self.clock.now(), self.poll_interval));
            self.report(WaitReason::NothingNew, self.poll_interval, None);
        }
        Ok(())
    }

    /// Records how old an event is that is returned now.
    fn measure_lag(&self, event: &LogEvent) {
        if let (Some(metrics), Some(published)) = (self.list.client.metrics(), &event.published) {
            let published = Duration::from_millis(u64::try_from(published.as_millisecond()).unwrap_or_default());
            let now = self.clock.system_time().duration_since(SystemTime::UNIX_EPOCH);
            // A clock that is behind Okta's has no lag to show.
            metrics.tail_lag(now.unwrap_or_default().saturating_sub(published));
        }
    }

    /// Waits until it is time for the next request, or the tail is stopped.
    pub(super) async fn wait(&mut self) {
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

    /// Requests a page. Without one afterwards, the tail was stopped or delays its next request.
    pub(super) async fn receive(&mut self) -> Result<(), Error> {
        if *self.stopped.borrow() {
            return Ok(());
        }
        let result = {
            let Self {
                receiving,
                request,
                stopped,
                ..
            } = self;
            let received = poll_fn(|context| {
                let fetch = receiving.get_or_insert_with(|| PageFetch::start(request.clone()));
                let result = ready!(fetch.poll(context));
                *receiving = None;
                Poll::Ready(result)
            });
            let stop = pin!(stopped.wait_for(|stopped| *stopped));
            match select(received, stop).await {
                Either::Left((result, _)) => Some(result),
                Either::Right(_) => None,
            }
        };
        self.receiving = None;
        match result {
            Some(Ok(received)) => {
                self.backoff.reset();
                self.failures.reset();
                self.page = Some(PageReader::open(received));
            }
            Some(Err(error)) => {
                let delay = self.schedule_retry(&error);
                if !self.failures.should_retry(&error) {
                    return Err(error);
                }
                self.report(WaitReason::of(&error), delay, Some(&error));
            }
            None => {}
        }
        Ok(())
    }

    /// Delays the next request after an error.
    fn schedule_retry(&mut self, error: &Error) -> Duration {
        let delay = self.backoff.next().max(asked_delay(error));
        self.not_before = Some(after(self.clock.now(), delay));
        delay
    }

    fn report(&mut self, reason: WaitReason, delay: Duration, error: Option<&Error>) {
        let now = self.clock.now();
        let since = *self.last_events.get_or_insert(now);
        self.waits = match self.waits {
            (last, attempts) if last == reason => (reason, attempts.saturating_add(1)),
            _ => (reason, 1),
        };
        let waiting = Waiting {
            reason,
            delay,
            attempts: self.waits.1,
            waited: now.saturating_duration_since(since),
            error,
        };
        self.observer.report(self.list.operation(), &waiting);
    }
}

/// The moment that comes so much later, however long that is.
fn after(now: Instant, delay: Duration) -> Instant {
    const FAR: Duration = Duration::from_secs(365 * 24 * 60 * 60);
    now.checked_add(delay).unwrap_or_else(|| now + FAR)
}
