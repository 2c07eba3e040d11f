//! All items of a list, over all its pages.

use std::{
    fmt,
    future::poll_fn,
    pin::Pin,
    task::{Context, Poll, ready},
};

use futures_core::Stream;
use okta_models::json::FromJson;

use super::{Cursor, open_page::OpenPage, walk::Walk};
use crate::{Error, core::Draft};

/// All items of a list as a stream.
///
/// Each item is decoded when it is asked for, straight from the page it came in. While a page is read the next one is
/// under way already ([`read_ahead`](Self::read_ahead)), and never more than that one.
///
/// What can go wrong, and how the list goes on:
///
/// - An **item** that cannot be read (`null`, a bare string, nested without end) is an error with its position
///   ([`Error::item_position`]) and its JSON ([`Error::body`]); the next item comes behind it.
/// - A **request** that fails is an error. If it may pass (a broken connection, a timeout, 429, 5xx), the pager asks for the
///   same page again when the next item is asked for; nothing is lost, and nothing comes twice. Anything else is the end.
/// - A page that breaks off, and a link that leads away or in circles, are an error and the end.
///
/// [`cursor`](Self::cursor) says at any time where to go on later, in another process too.
#[must_use = "streams do nothing unless polled"]
pub struct Pager<T> {
    walk: Walk,
    page: Option<OpenPage<T>>,
}

impl<T> Pager<T> {
    pub(crate) fn new(first: Draft) -> Self {
        Self {
            walk: Walk::new(first),
            page: None,
        }
    }

    /// Whether the next page is asked for while the items of this one are read; it is, unless you say `false`.
    ///
    /// It hides the network behind the reading, and costs a request too many where you stop before the end. A page is
    /// asked for as soon as the headers of the one before it are in; where the link stands in the body, as soon as that is.
    pub fn read_ahead(mut self, reads_ahead: bool) -> Self {
        self.walk.read_ahead(reads_ahead);
        self
    }

    /// The page on which the next item stands, to be kept and given to `resume` on the same list; `None` at the end.
    ///
    /// It stands for a whole page: what was delivered of it already comes once more. Where that must not be, walk by pages
    /// and keep the cursor with each of them. After an error it is the page that failed.
    #[must_use]
    pub fn cursor(&self) -> Option<Cursor> {
        match &self.page {
            Some(page) => Cursor::of(page.draft()),
            None => self.walk.cursor(),
        }
    }
}

impl<T: FromJson + Unpin + 'static> Pager<T> {
    /// The next item, or `None` behind the last.
    ///
    /// # Errors
    /// As the list call itself, and for an item that cannot be read; the items before stay valid, and the list may go on:
    /// see [`Pager`].
    ///
    /// # Cancel safety
    /// Dropping the future loses nothing: the next call goes on where it was.
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
            let Some(page) = &mut self.page else {
                match ready!(self.walk.poll_received(context)) {
                    Some(Ok(received)) => self.page = Some(OpenPage::open(received)),
                    Some(Err(error)) => return Poll::Ready(Err(error)),
                    None => return Poll::Ready(Ok(None)),
                }
                continue;
            };
            self.walk.drive_ahead();
            match page.next() {
                Ok(Some(item)) => return Poll::Ready(Ok(Some(item))),
                Ok(None) => self.page = None,
                Err(unreadable) => {
                    let (error, goes_on) = page.error(unreadable);
                    if !goes_on {
                        self.walk.stop_at(page.draft());
                        self.page = None;
                    }
                    return Poll::Ready(Err(error));
                }
            }
        }
    }
}

#[cfg(feature = "blocking")]
impl<T: FromJson + Unpin + 'static> Pager<T> {
    /// The items as an iterator, where there is no runtime: see [`blocking`](crate::blocking).
    pub fn call(self) -> crate::blocking::Blocking<Self> {
        crate::blocking::Blocking::new(self.walk.client().clone(), self)
    }
}

impl<T: FromJson + Unpin + 'static> Stream for Pager<T> {
    type Item = Result<T, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.poll_item(context).map(Result::transpose)
    }
}

impl<T> fmt::Debug for Pager<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pager")
            .field("cursor", &self.cursor())
            .finish_non_exhaustive()
    }
}
