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

use super::{Cursor, page::Page, walk::Walk};
use crate::{Error, core::Draft};

/// All pages of a list as a stream; `stream()` on the list's builder gives the items instead.
///
/// While a page is with you the next one is under way already ([`read_ahead`](Self::read_ahead)), and never more than that
/// one. A request that fails is an error; if it may pass (a broken connection, a timeout, 429, 5xx), the same page is asked
/// for again when the next page is asked for. Any other error is the end. Dropping the stream abandons what is under way.
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

    /// Whether the next page is asked for while this one is with you; it is, unless you say `false`. It costs a request too
    /// many where you stop before the end.
    pub fn read_ahead(mut self, reads_ahead: bool) -> Self {
        self.walk.read_ahead(reads_ahead);
        self
    }

    /// The page that is delivered next, to be kept and given to `resume` on the same list; `None` at the end. After an
    /// error it is the page that failed.
    #[must_use]
    pub fn cursor(&self) -> Option<Cursor> {
        self.walk.cursor()
    }
}

impl<T: FromJson + 'static> Pages<T> {
    /// The next page, or `None` behind the last.
    ///
    /// # Errors
    /// As the list call itself; the pages before stay valid, and the list may go on: see [`Pages`].
    ///
    /// # Cancel safety
    /// Dropping the future loses nothing: the next call goes on where it was.
    pub async fn try_next(&mut self) -> Result<Option<Page<T>>, Error> {
        poll_fn(|context| Pin::new(&mut *self).poll_next(context))
            .await
            .transpose()
    }
}

#[cfg(feature = "blocking")]
impl<T: FromJson + 'static> Pages<T> {
    /// The pages as an iterator, where there is no runtime: see [`blocking`](crate::blocking).
    pub fn call(self) -> crate::blocking::Blocking<Self> {
        crate::blocking::Blocking::new(self.walk.client().clone(), self)
    }
}

impl<T: FromJson + 'static> Stream for Pages<T> {
    type Item = Result<Page<T>, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let Some(received) = ready!(self.walk.poll_received(context)) else {
            return Poll::Ready(None);
        };
        let page = received.and_then(|received| {
            let draft = received.draft.clone();
            Page::read(received).inspect_err(|_| self.walk.stop_at(&draft))
        });
        Poll::Ready(Some(page))
    }
}

impl<T> fmt::Debug for Pages<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pages")
            .field("cursor", &self.cursor())
            .finish_non_exhaustive()
    }
}
