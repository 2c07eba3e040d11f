//! One operation for many ids.

use std::{
    any::Any,
    fmt,
    future::{Future, IntoFuture, poll_fn},
    iter::Fuse,
    panic::{AssertUnwindSafe, catch_unwind},
    pin::Pin,
    task::{Context, Poll, ready},
};

use futures_core::Stream;
use futures_util::{StreamExt, stream::FuturesUnordered};

use crate::{
    background::{Background, Lost},
    error::Error,
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
/// An operation that panics is an error of its id ([`Error::is_interrupted`]).
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
pub fn bulk<I, C, F, T>(ids: I, operation: F) -> Bulk<I::IntoIter, F, T>
where
    I: IntoIterator,
    F: FnMut(&I::Item) -> C,
    C: IntoFuture<Output = Result<T, Error>>,
    C::IntoFuture: Send + 'static,
    T: Send + 'static,
{
    let ids = ids.into_iter();
    let progress = Progress {
        done: 0,
        failed: 0,
        total: ids.size_hint().1,
    };
    Bulk {
        ids: ids.fuse(),
        operation,
        running: FuturesUnordered::new(),
        concurrency: 8,
        progress,
        on_progress: None,
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
    /// How many there are altogether, if that is known.
    pub total: Option<usize>,
}

/// One operation for many ids; [`bulk`] makes it.
#[must_use = "nothing runs before a result is asked for"]
pub struct Bulk<I: Iterator, F, T> {
    ids: Fuse<I>,
    operation: F,
    running: FuturesUnordered<Running<I::Item, T>>,
    concurrency: usize,
    progress: Progress,
    on_progress: Option<Box<dyn FnMut(Progress) + Send>>,
}

/// An id with the result of its operation.
type Done<Id, T> = (Id, Result<T, Error>);

/// An operation under way, and its id.
struct Running<Id, T> {
    id: Option<Id>,
    operation: Result<Background<Result<T, Error>>, Option<Error>>,
}

/// Nothing in it is pinned.
impl<Id, T> Unpin for Running<Id, T> {}

impl<Id, T> Future for Running<Id, T> {
    type Output = (Option<Id>, Result<T, Error>);

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let result = match &mut self.operation {
            Ok(running) => ready!(running.poll(context)).unwrap_or_else(|lost| Err(not_ended(lost))),
            Err(error) => Err(error.take().unwrap_or_else(|| not_ended(Lost::ShutDown))),
        };
        Poll::Ready((self.id.take(), result))
    }
}

/// The error of an operation without a result.
#[cold]
fn not_ended(lost: Lost) -> Error {
    let reason = match lost {
        Lost::Panicked(payload) => format!("the operation panicked: {}", panic_message(&*payload)),
        Lost::ShutDown => "the runtime was shut down before the operation had ended".to_owned(),
    };
    Error::transport(None, reason.into(), None)
}

fn panic_message(payload: &(dyn Any + Send)) -> &str {
    let text = payload.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| payload.downcast_ref::<&str>().copied())
        .unwrap_or("its payload is not text")
}

impl<I: Iterator, F, T> Bulk<I, F, T> {
    /// Sets how many operations run at a time, 8 unless set; 0 counts as 1. Okta limits how many requests of one org run at a
    /// time, to 75 with most subscriptions.
    pub fn concurrency(mut self, operations: usize) -> Self {
        self.concurrency = operations.max(1);
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

impl<I, F, C, T> Bulk<I, F, T>
where
    I: Iterator,
    F: FnMut(&I::Item) -> C,
    C: IntoFuture<Output = Result<T, Error>>,
    C::IntoFuture: Send + 'static,
    T: Send + 'static,
{
    /// The result of the next operation that ends, with its id; `None` after the last.
    ///
    /// # Cancel safety
    /// Dropping the future loses nothing: the operations continue, and the next call returns what has ended. Dropping the
    /// [`Bulk`] aborts what runs; whether Okta has carried that out is unknown.
    pub async fn next(&mut self) -> Option<(I::Item, Result<T, Error>)> {
        poll_fn(|context| self.poll_done(context)).await
    }

    fn poll_done(&mut self, context: &mut Context<'_>) -> Poll<Option<Done<I::Item, T>>> {
        loop {
            while self.running.len() < self.concurrency
                && let Some(id) = self.ids.next()
            {
                let operation = self.start(&id);
                self.running.push(Running {
                    id: Some(id),
                    operation,
                });
            }
            let Some((id, result)) = ready!(self.running.poll_next_unpin(context)) else {
                return Poll::Ready(None);
            };
            self.progress.done += 1;
            self.progress.failed += usize::from(result.is_err());
            if let Some(report) = &mut self.on_progress {
                report(self.progress);
            }
            // Each has its id until it ends.
            if let Some(id) = id {
                return Poll::Ready(Some((id, result)));
            }
        }
    }

    /// A panic of the closure is a panic of its operation: its id must not get lost.
    fn start(&mut self, id: &I::Item) -> Result<Background<Result<T, Error>>, Option<Error>> {
        let make = AssertUnwindSafe(|| Background::start((self.operation)(id).into_future()));
        catch_unwind(make).map_err(|payload| Some(not_ended(Lost::Panicked(payload))))
    }
}

/// Nothing in it is pinned.
impl<I: Iterator, F, T> Unpin for Bulk<I, F, T> {}

impl<I, F, C, T> Stream for Bulk<I, F, T>
where
    I: Iterator,
    F: FnMut(&I::Item) -> C,
    C: IntoFuture<Output = Result<T, Error>>,
    C::IntoFuture: Send + 'static,
    T: Send + 'static,
{
    type Item = (I::Item, Result<T, Error>);

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.poll_done(context)
    }
}

impl<I: Iterator, F, T> fmt::Debug for Bulk<I, F, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Bulk")
            .field("concurrency", &self.concurrency)
            .field("running", &self.running.len())
            .field("progress", &self.progress)
            .finish_non_exhaustive()
    }
}
