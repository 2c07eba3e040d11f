//! All pages of a list, one after another.

use std::{
    fmt,
    future::poll_fn,
    marker::PhantomData,
    pin::Pin,
    task::{Context, Poll, ready},
};

use futures_core::Stream;
use okta_models::json::FromJson;

use super::{page::Page, walk::Walk};
use crate::{Error, core::Draft};

/// All pages of a list as a stream; `stream()` on the list's builder gives the items instead.
///
/// A failed page is an error and the end of the stream. Dropping the stream abandons what is under way.
#[must_use = "streams do nothing unless polled"]
pub struct Pages<T> {
    walk: Walk,
    item: PhantomData<fn() -> T>,
}

impl<T> Pages<T> {
    pub(crate) fn new(first: Draft) -> Self {
        Self {
            walk: Walk::new(first),
            item: PhantomData,
        }
    }
}

impl<T: FromJson + 'static> Pages<T> {
    /// The next page, or `None` behind the last.
    ///
    /// # Errors
    /// As the list call itself; the pages before stay valid.
    ///
    /// # Cancel safety
    /// Dropping the future loses nothing: the next call goes on where it was.
    pub async fn try_next(&mut self) -> Result<Option<Page<T>>, Error> {
        poll_fn(|context| Pin::new(&mut *self).poll_next(context))
            .await
            .transpose()
    }
}

impl<T: FromJson + 'static> Stream for Pages<T> {
    type Item = Result<Page<T>, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let Some(received) = ready!(self.walk.poll_received(context)) else {
            return Poll::Ready(None);
        };
        let page = received.and_then(Page::read);
        if page.is_err() {
            self.walk.stop();
        }
        if page
            .as_ref()
            .is_ok_and(|page: &Page<T>| page.items.is_empty() && page.odd_items().is_empty())
        {
            self.walk.page_was_empty();
        }
        Poll::Ready(Some(page))
    }
}

impl<T> fmt::Debug for Pages<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pages")
            .field("asked_for", &self.walk.asked_for())
            .finish_non_exhaustive()
    }
}
