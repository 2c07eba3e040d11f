//! One operation for many ids.

use std::{
    any::Any,
    fmt,
    future::{Future, IntoFuture, poll_fn},
    iter::Fuse,
    panic::{AssertUnwindSafe, catch_unwind},
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
    time::Duration,
};

use futures_core::Stream;
use futures_util::{StreamExt, stream::FuturesUnordered};
use okta_auth::BoxFuture;
use okta_transport::{Clock, TokioClock};

use crate::{
    background::{Background, Lost, has_runtime},
    error::Error,
    wait::{Backoff, asked_delay},
};

/// Runs an operation for each of many ids, a few at a time, and returns the result of each: a failure ends no other.
///
/// The results come in the order in which the operations end. Nothing runs before the first result is asked for, and no more
/// than [`concurrency`](Bulk::concurrency) operations run at a time, so a million ids cost no more memory than eight.
///
/// Each operation runs as a task of the tokio runtime, in the current tracing span. It therefore progresses while you do
/// something else with a result, a call to Okta for example, and holds no permit of the rate limiter longer than it needs.
/// Operations that have ended and whose results were not taken count as running. Dropping the [`Bulk`] aborts the tasks.
/// Without a tokio runtime the operations run while a result is awaited.
///
/// **Errors.** The operation may fail with any error that is made [`From`] the SDK's: [`Error`] itself, `anyhow::Error`,
/// `Box<dyn std::error::Error + Send + Sync>`, an enum of your own. An operation that panics is an error of its id
/// ([`Error::is_interrupted`]).
///
/// **Retries.** Each call has the client's retries. A whole operation that failed is run again only if you ask for it:
/// [`retry_transient`](Bulk::retry_transient), [`retry_if`](Bulk::retry_if).
///
/// The bounds `Send + 'static` are those of a task: let an `async` block own clones of what it needs, as below. For
/// operations that cannot be tasks use `futures::StreamExt::buffer_unordered`.
///
/// ```no_run
/// # async fn doc(okta: okta_client::OktaClient, ids: Vec<String>) {
/// let mut results = okta_client::bulk(ids, |id| okta.users().suspend(id))
///     .concurrency(4)
///     .on_progress(|progress| println!("{} done, {} failed", progress.done, progress.failed));
/// while let Some((id, result)) = results.next().await {
///     if let Err(error) = result {
///         eprintln!("{id}: {error}");
///     }
/// }
///
/// // Several calls for each id.
/// let mut deleted = okta_client::bulk(["00u1", "00u2"], |id| {
///     let (users, id) = (okta.users(), id.to_string());
///     async move {
///         users.deactivate(&id).await?;
///         users.delete(&id).await
///     }
/// });
/// # while deleted.next().await.is_some() {}
/// # }
/// ```
pub fn bulk<I, C, F, T, E>(ids: I, operation: F) -> Bulk<I::IntoIter, F, T, E>
where
    I: IntoIterator,
    F: FnMut(&I::Item) -> C,
    C: IntoFuture<Output = Result<T, E>>,
    C::IntoFuture: Send + 'static,
    T: Send + 'static,
    E: From<Error> + Send + 'static,
{
    let ids = ids.into_iter();
    let progress = Progress {
        done: 0,
        failed: 0,
        retried: 0,
        total: ids.size_hint().1,
    };
    Bulk {
        ids: ids.fuse(),
        operation,
        running: FuturesUnordered::new(),
        concurrency: 8,
        progress,
        on_progress: None,
        retries: Retries::default(),
        delivered: None,
    }
}

/// How far a [`Bulk`] has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Progress {
    /// How many operations have ended and were delivered, failed ones included.
    pub done: usize,
    /// How many of them failed.
    pub failed: usize,
    /// How many times an operation was run again.
    pub retried: usize,
    /// How many there are altogether, if that is known.
    pub total: Option<usize>,
}

/// One operation for many ids; [`bulk`] makes it.
///
/// A panic of the closure given to [`on_progress`](Bulk::on_progress) reaches the caller of `next`; the result that was
/// reported is the next one then. A panic of the closure given to [`retry_if`](Bulk::retry_if) counts as "no".
#[must_use = "nothing runs before a result is asked for"]
pub struct Bulk<I: Iterator, F, T, E = Error> {
    ids: Fuse<I>,
    operation: F,
    running: FuturesUnordered<Running<I::Item, T, E>>,
    concurrency: usize,
    progress: Progress,
    on_progress: Option<Box<dyn FnMut(Progress) + Send>>,
    retries: Retries<E>,
    /// A result while it is reported: it must not get lost if the report panics.
    delivered: Option<Done<I::Item, T, E>>,
}

/// Which failed operations are run again.
struct Retries<E> {
    times: u32,
    delay: Option<Delay<E>>,
    /// `None` is tokio's.
    clock: Option<Arc<dyn Clock>>,
}

/// At least how long after this error an operation is run again; `None` if it is not.
type Delay<E> = Box<dyn FnMut(&E) -> Option<Duration> + Send>;

impl<E> Default for Retries<E> {
    fn default() -> Self {
        Self {
            times: 0,
            delay: None,
            clock: None,
        }
    }
}

impl<E> Retries<E> {
    /// A closure that panics says no: the result must not get lost.
    fn delay(&mut self, error: &E) -> Option<Duration> {
        let delay = self.delay.as_mut()?;
        catch_unwind(AssertUnwindSafe(|| delay(error))).ok().flatten()
    }

    /// `None` if there is no clock: tokio's needs its runtime.
    fn sleep(&self, delay: Duration) -> Option<BoxFuture<'static, ()>> {
        match &self.clock {
            Some(clock) => Some(clock.sleep(delay)),
            None => has_runtime().then(|| TokioClock.sleep(delay)),
        }
    }
}

/// An id with the result of its operation.
type Done<Id, T, E> = (Id, Result<T, E>);

/// An operation under way, and its id.
struct Running<Id, T, E> {
    item: Option<Item<Id>>,
    state: State<T, E>,
}

/// An id, and what was done for it.
struct Item<Id> {
    id: Id,
    retries: u32,
    backoff: Backoff,
}

enum State<T, E> {
    /// It runs.
    Runs(Background<Result<T, E>>),
    /// It could not be started; taken when it is polled.
    NotStarted(Option<E>),
    /// It is run again after this delay.
    Waits(BoxFuture<'static, ()>),
}

/// Nothing in it is pinned.
impl<Id, T, E> Unpin for Running<Id, T, E> {}

impl<Id, T, E: From<Error>> Future for Running<Id, T, E> {
    /// Without a result it is time to run it again.
    type Output = (Option<Item<Id>>, Option<Result<T, E>>);

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let result = match &mut self.state {
            State::Runs(running) => {
                Some(ready!(running.poll(context)).unwrap_or_else(|lost| Err(not_ended(lost).into())))
            }
            State::NotStarted(error) => Some(Err(error.take().unwrap_or_else(|| not_ended(Lost::ShutDown).into()))),
            State::Waits(delay) => {
                ready!(delay.as_mut().poll(context));
                None
            }
        };
        Poll::Ready((self.item.take(), result))
    }
}

/// The error of an operation without a result.
#[cold]
fn not_ended(lost: Lost) -> Error {
    let reason = match lost {
        Lost::Panicked(payload) => format!("the operation panicked: {}", panic_message(&*payload)),
        Lost::ShutDown => "the runtime was shut down before the operation had ended".to_owned(),
    };
    // What it has done by then is unknown.
    Error::transport(None, reason.into(), None).write(true)
}

fn panic_message(payload: &(dyn Any + Send)) -> &str {
    let text = payload.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| payload.downcast_ref::<&str>().copied())
        .unwrap_or("its payload is not text")
}

impl<I: Iterator, F, T, E> Bulk<I, F, T, E> {
    /// Sets how many operations run at a time, 8 unless set; 0 counts as 1. Okta limits how many requests of one org run at a
    /// time, to 75 with most subscriptions.
    pub fn concurrency(mut self, operations: usize) -> Self {
        self.concurrency = operations.max(1);
        self
    }

    /// Runs an operation again, at most so many times for an id, if this closure returns true for its error; 0 unless set.
    ///
    /// The whole operation runs again: a block of several calls starts with its first call, also if that was carried out.
    /// The delay before it is 1 s, then twice as long each time up to 60 s. The id counts as running meanwhile.
    ///
    /// ```no_run
    /// # async fn doc(okta: okta_client::OktaClient, ids: Vec<String>) {
    /// #[derive(Debug)]
    /// enum JobError {
    ///     Okta(okta_client::Error),
    ///     NoManager,
    /// }
    /// # impl From<okta_client::Error> for JobError {
    /// #     fn from(error: okta_client::Error) -> Self {
    /// #         Self::Okta(error)
    /// #     }
    /// # }
    /// # const _: JobError = JobError::NoManager;
    ///
    /// let jobs = okta_client::bulk(ids, |id| {
    ///     let (users, id) = (okta.users(), id.clone());
    ///     async move { Ok::<_, JobError>(users.suspend(id).await?) }
    /// })
    /// .retry_if(3, |error| matches!(error, JobError::Okta(error) if error.is_retryable()));
    /// # drop(jobs);
    /// # }
    /// ```
    pub fn retry_if(mut self, times: u32, mut is_worth_it: impl FnMut(&E) -> bool + Send + 'static) -> Self {
        self.retries.times = times;
        self.retries.delay = Some(Box::new(move |error| is_worth_it(error).then_some(Duration::ZERO)));
        self
    }

    /// Takes the time between retries from this clock instead of tokio's. Without it, nothing is run again outside a tokio
    /// runtime.
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.retries.clock = Some(clock);
        self
    }

    /// Calls this closure with each result that is delivered.
    pub fn on_progress(mut self, report: impl FnMut(Progress) + Send + 'static) -> Self {
        self.on_progress = Some(Box::new(report));
        self
    }

    /// How far it has come.
    #[must_use]
    pub fn progress(&self) -> Progress {
        self.progress
    }
}

impl<I: Iterator, F, T> Bulk<I, F, T> {
    /// Runs an operation again, at most so many times for an id, if the same may well succeed later and does no harm
    /// ([`Error::is_retryable`]); 0 unless set.
    ///
    /// The client's own retries come first. These are for outages that last longer: the delay before each is 1 s, then twice
    /// as long up to 60 s, and at least what Okta asks for. The whole operation runs again: a block of several calls starts
    /// with its first call, also if that was carried out. The id counts as running meanwhile.
    pub fn retry_transient(mut self, times: u32) -> Self {
        self.retries.times = times;
        self.retries.delay = Some(Box::new(|error| error.is_retryable().then(|| asked_delay(error))));
        self
    }
}

impl<I, F, C, T, E> Bulk<I, F, T, E>
where
    I: Iterator,
    F: FnMut(&I::Item) -> C,
    C: IntoFuture<Output = Result<T, E>>,
    C::IntoFuture: Send + 'static,
    T: Send + 'static,
    E: From<Error> + Send + 'static,
{
    /// The result of the next operation that ends, with its id; `None` after the last.
    ///
    /// # Cancel safety
    /// Dropping the future loses nothing: the operations continue, and the next call returns what has ended. Dropping the
    /// [`Bulk`] aborts what runs; whether Okta has carried that out is unknown.
    pub async fn next(&mut self) -> Option<(I::Item, Result<T, E>)> {
        poll_fn(|context| self.poll_done(context)).await
    }

    fn poll_done(&mut self, context: &mut Context<'_>) -> Poll<Option<Done<I::Item, T, E>>> {
        loop {
            if let Some(done) = self.delivered.take() {
                return Poll::Ready(Some(done));
            }
            while self.running.len() < self.concurrency
                && let Some(id) = self.ids.next()
            {
                self.start(Item {
                    id,
                    retries: 0,
                    backoff: Backoff::new(Duration::from_secs(1), Duration::from_secs(60)),
                });
            }
            let Some((item, result)) = ready!(self.running.poll_next_unpin(context)) else {
                return Poll::Ready(None);
            };
            // Each has its id until it ends.
            let Some(item) = item else { continue };
            match result {
                Some(result) => self.end(item, result),
                None => {
                    self.progress.retried += 1;
                    self.start(item);
                }
            }
        }
    }

    /// A panic of the closure is a panic of its operation: its id must not get lost.
    fn start(&mut self, item: Item<I::Item>) {
        let make = AssertUnwindSafe(|| Background::start((self.operation)(&item.id).into_future()));
        let state = match catch_unwind(make) {
            Ok(running) => State::Runs(running),
            Err(payload) => State::NotStarted(Some(not_ended(Lost::Panicked(payload)).into())),
        };
        self.running.push(Running {
            item: Some(item),
            state,
        });
    }

    /// Delivers the result, or leaves the id among those that run and runs it again later.
    fn end(&mut self, mut item: Item<I::Item>, result: Result<T, E>) {
        if let Err(error) = &result
            && item.retries < self.retries.times
            && let Some(least) = self.retries.delay(error)
            && let Some(delay) = self.retries.sleep(item.backoff.next().max(least))
        {
            item.retries += 1;
            self.running.push(Running {
                item: Some(item),
                state: State::Waits(delay),
            });
            return;
        }
        self.progress.done += 1;
        self.progress.failed += usize::from(result.is_err());
        self.delivered = Some((item.id, result));
        if let Some(report) = &mut self.on_progress {
            report(self.progress);
        }
    }
}

/// Nothing in it is pinned.
impl<I: Iterator, F, T, E> Unpin for Bulk<I, F, T, E> {}

impl<I, F, C, T, E> Stream for Bulk<I, F, T, E>
where
    I: Iterator,
    F: FnMut(&I::Item) -> C,
    C: IntoFuture<Output = Result<T, E>>,
    C::IntoFuture: Send + 'static,
    T: Send + 'static,
    E: From<Error> + Send + 'static,
{
    type Item = (I::Item, Result<T, E>);

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.poll_done(context)
    }
}

impl<I: Iterator, F, T, E> fmt::Debug for Bulk<I, F, T, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Bulk")
            .field("concurrency", &self.concurrency)
            .field("running", &self.running.len())
            .field("progress", &self.progress)
            .finish_non_exhaustive()
    }
}
