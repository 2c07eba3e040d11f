//! One operation for many ids.

use std::{
    fmt,
    future::{Future, IntoFuture, poll_fn},
    iter::Fuse,
    pin::Pin,
    task::{Context, Poll, ready},
};

use futures_core::Stream;
use futures_util::{StreamExt, stream::FuturesUnordered};

use crate::Error;

/// Runs an operation for each of many ids, a few at a time, and gives what became of each: a failure takes no other along.
///
/// The results come in the order they are done. Nothing runs before it is asked for, and no more than
/// [`concurrency`](Bulk::concurrency) operations do at a time, so a million ids cost no more memory than eight.
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
/// # }
/// ```
pub fn bulk<I, C, F, T>(ids: I, operation: F) -> Bulk<I::IntoIter, F, C::IntoFuture>
where
    I: IntoIterator,
    F: FnMut(&I::Item) -> C,
    C: IntoFuture<Output = Result<T, Error>>,
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
    /// How many operations are done, failed ones included.
    pub done: usize,
    /// How many of them failed.
    pub failed: usize,
    /// How many there are altogether, where that is known.
    pub total: Option<usize>,
}

/// One operation for many ids; [`bulk`] makes it.
#[must_use = "nothing runs before it is asked for"]
pub struct Bulk<I: Iterator, F, C> {
    ids: Fuse<I>,
    operation: F,
    running: FuturesUnordered<Running<I::Item, C>>,
    concurrency: usize,
    progress: Progress,
    on_progress: Option<Box<dyn FnMut(Progress) + Send>>,
}

/// An id, and what became of it.
type Done<Id, T> = (Id, Result<T, Error>);

/// An operation under way, and for whom.
struct Running<Id, C> {
    id: Option<Id>,
    call: Pin<Box<C>>,
}

/// The id is never pinned, and the call is on its own.
impl<Id, C> Unpin for Running<Id, C> {}

impl<Id, C: Future> Future for Running<Id, C> {
    type Output = (Option<Id>, C::Output);

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let output = ready!(self.call.as_mut().poll(context));
        Poll::Ready((self.id.take(), output))
    }
}

impl<I: Iterator, F, C> Bulk<I, F, C> {
    /// How many operations run at a time, 8 unless set; 0 counts as 1. Okta limits how many requests of one org run at a
    /// time, to 75 with most subscriptions.
    pub fn concurrency(mut self, operations: usize) -> Self {
        self.concurrency = operations.max(1);
        self
    }

    /// Tells of each operation that is done.
    pub fn on_progress(mut self, tell: impl FnMut(Progress) + Send + 'static) -> Self {
        self.on_progress = Some(Box::new(tell));
        self
    }

    /// How far it has come.
    #[must_use]
    pub fn progress(&self) -> Progress {
        self.progress
    }
}

impl<I, F, C, K, T> Bulk<I, F, K>
where
    I: Iterator,
    F: FnMut(&I::Item) -> C,
    C: IntoFuture<Output = Result<T, Error>, IntoFuture = K>,
    K: Future<Output = Result<T, Error>>,
{
    /// The next operation that is done, with its id; `None` when all are.
    ///
    /// # Cancel safety
    /// Dropping the future loses nothing: what runs goes on with the next call. Dropping the [`Bulk`] abandons what runs;
    /// whether Okta has carried that out is unknown.
    pub async fn next(&mut self) -> Option<(I::Item, Result<T, Error>)> {
        poll_fn(|context| self.poll_done(context)).await
    }

    fn poll_done(&mut self, context: &mut Context<'_>) -> Poll<Option<Done<I::Item, T>>> {
        loop {
            while self.running.len() < self.concurrency
                && let Some(id) = self.ids.next()
            {
                let call = Box::pin((self.operation)(&id).into_future());
                self.running.push(Running { id: Some(id), call });
            }
            let Some((id, result)) = ready!(self.running.poll_next_unpin(context)) else {
                return Poll::Ready(None);
            };
            self.progress.done += 1;
            self.progress.failed += usize::from(result.is_err());
            if let Some(tell) = &mut self.on_progress {
                tell(self.progress);
            }
            // Each has its id until it is done.
            if let Some(id) = id {
                return Poll::Ready(Some((id, result)));
            }
        }
    }
}

/// Nothing in it is pinned but what is boxed.
impl<I: Iterator, F, C> Unpin for Bulk<I, F, C> {}

impl<I, F, C, K, T> Stream for Bulk<I, F, K>
where
    I: Iterator,
    F: FnMut(&I::Item) -> C,
    C: IntoFuture<Output = Result<T, Error>, IntoFuture = K>,
    K: Future<Output = Result<T, Error>>,
{
    type Item = (I::Item, Result<T, Error>);

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.poll_done(context)
    }
}

impl<I: Iterator, F, C> fmt::Debug for Bulk<I, F, C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Bulk")
            .field("concurrency", &self.concurrency)
            .field("running", &self.running.len())
            .field("progress", &self.progress)
            .finish_non_exhaustive()
    }
}
