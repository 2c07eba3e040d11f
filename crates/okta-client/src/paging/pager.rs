//! All items of a list, over all its pages.

use std::{
    fmt,
    future::poll_fn,
    pin::Pin,
    task::{Context, Poll, ready},
};

use futures_core::Stream;

use super::{
    item_format::{ItemFormat, Model},
    page_reader::{PageReader, Unreadable},
    page_walker::PageWalker,
};
#[cfg(feature = "blocking")]
use crate::client::OktaClient;
use crate::{
    error::Error,
    request::{Cursor, Draft},
};

/// All items of a list as a stream.
///
/// Each item is decoded when it is asked for, straight from the page it came in. Meanwhile the next page is fetched by a task
/// of the tokio runtime ([`read_ahead`](Self::read_ahead)), and never more than that one.
///
/// Okta's links to the next page have lost parameters at times (`expand`, for example), so that the items of later pages
/// lacked members. A parameter of the list that a link lacks is added to it, with a `tracing` event at level debug; `after`
/// and `limit` stay as the link has them.
///
/// [`try_next`](Self::try_next) never returns `None` because of an error:
///
/// - An **item** that cannot be read (`null`, a bare string, nested without end) is an error with its position
///   ([`Error::item_position`]) and its JSON ([`Error::body`]); the next call returns the item after it.
/// - A **request** that fails is an error, and so is a **page** that cannot be read (HTML, for example). The next call asks
///   for the same page again and skips the items of it that were delivered. Nothing is lost, and nothing is delivered twice.
///   If the error does not pass ([`Error::is_transient`]), the next call most likely returns it again.
/// - A **link** that is malformed, leads to another host or in a circle is an error ([`Error::is_paging`]); each further call
///   returns it again.
///
/// As a `Stream` and as a blocking iterator, it ends after an error that does not pass, because adapters that drop errors
/// would otherwise never end; `try_next` still continues.
///
/// [`cursor`](Self::cursor) says at any time where to resume later, also in another process.
///
/// `F` says how the items are decoded: as models, or as [`items_as`](crate::call::RawCall::items_as) or
/// [`items_raw`](crate::call::RawCall::items_raw) of the list has it. All of the above is the same for each.
#[must_use = "streams do nothing unless polled"]
pub struct Pager<T, F = Model> {
    walk: PageWalker,
    page: Option<PageReader<T, F>>,
    /// How many items of the next page were delivered when it could not be read any further.
    delivered: usize,
    /// Whether the stream has ended with an error.
    has_failed: bool,
}

impl<T, F> Pager<T, F> {
    pub(crate) fn new(first: Draft) -> Self {
        Self {
            walk: PageWalker::new(first),
            page: None,
            delivered: 0,
            has_failed: false,
        }
    }

    #[cfg(feature = "blocking")]
    pub(crate) fn client(&self) -> &OktaClient {
        self.walk.client()
    }

    /// Sets whether the next page is fetched while the items of this one are read; true unless set.
    ///
    /// The network is then hidden behind the reading. It costs one request too many if you stop before the end. The next page
    /// is asked for when the current one is in. The request runs as a task of the tokio runtime on which the pager is polled,
    /// is aborted when the pager is dropped, and holds no permit and no connection once the page is in. Without a tokio
    /// runtime nothing is read ahead.
    pub fn read_ahead(mut self, reads_ahead: bool) -> Self {
        self.walk.read_ahead(reads_ahead);
        self
    }

    /// The page on which the next item is, to be saved and given to `resume` on the same list; `None` after the last item.
    ///
    /// It stands for a whole page: the items of it that were delivered are delivered again. If that must not happen, read by
    /// pages and save the cursor with each of them. After an error it is the page that failed.
    #[must_use]
    pub fn cursor(&self) -> Option<Cursor> {
        match &self.page {
            Some(page) => page.draft().cursor(),
            None => self.walk.cursor(),
        }
    }
}

impl<T: 'static, F: ItemFormat<T>> Pager<T, F> {
    /// The next item, or `None` after the last.
    ///
    /// # Errors
    /// As the list call itself, and for an item that cannot be read. The items before stay valid, and the next call
    /// continues: see [`Pager`].
    ///
    /// # Cancel safety
    /// Dropping the future loses nothing: the next call continues. A request that is under way runs to its end meanwhile.
    pub async fn try_next(&mut self) -> Result<Option<T>, Error> {
        poll_fn(|context| self.poll_item(context)).await
    }

    /// All items that are left.
    ///
    /// # Errors
    /// The first error; the items before it are lost, so prefer [`try_next`](Self::try_next) for large lists.
    ///
    /// # Cancel safety
    /// Dropping the future loses the items collected so far.
    pub async fn try_collect(mut self) -> Result<Vec<T>, Error> {
        let mut items = Vec::new();
        while let Some(item) = self.try_next().await? {
            items.push(item);
        }
        Ok(items)
    }

    fn poll_item(&mut self, context: &mut Context<'_>) -> Poll<Result<Option<T>, Error>> {
        loop {
            let page = match &mut self.page {
                Some(page) => page,
                None => match ready!(self.walk.poll_received(context)) {
                    Some(Ok(received)) => self.page.insert(PageReader::open(received)),
                    Some(Err(error)) => return Poll::Ready(Err(error)),
                    None => return Poll::Ready(Ok(None)),
                },
            };
            let is_delivered = page.count() < self.delivered;
            match page.next() {
                Ok(Some(_)) | Err(Unreadable::Item(..)) if is_delivered => {}
                Ok(Some(item)) => return Poll::Ready(Ok(Some(item))),
                Ok(None) => {
                    self.page = None;
                    self.delivered = 0;
                }
                Err(unreadable) => {
                    let (error, continues) = page.error(unreadable);
                    if !continues {
                        self.delivered = self.delivered.max(page.count());
                        self.walk.ask_again(page.draft());
                        self.page = None;
                    }
                    return Poll::Ready(Err(error));
                }
            }
        }
    }
}

impl<T: 'static, F: ItemFormat<T>> Stream for Pager<T, F> {
    type Item = Result<T, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if self.has_failed {
            return Poll::Ready(None);
        }
        let item = ready!(self.poll_item(context));
        self.has_failed = item.as_ref().is_err_and(ends_stream);
        Poll::Ready(item.transpose())
    }
}

/// Returns true for an error that a stream would deliver forever.
pub(super) fn ends_stream(error: &Error) -> bool {
    error.item_position().is_none() && !error.is_transient()
}

impl<T, F> fmt::Debug for Pager<T, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pager")
            .field("cursor", &self.cursor())
            .finish_non_exhaustive()
    }
}
