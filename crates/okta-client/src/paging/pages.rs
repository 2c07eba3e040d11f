//! All pages of a list, one after another.

use std::{
    fmt,
    future::poll_fn,
    marker::PhantomData,
    pin::Pin,
    task::{Context, Poll, ready},
};

use futures_core::Stream;

use super::{
    item_format::{ItemFormat, Model},
    page::Page,
    page_walker::PageWalker,
    pager::ends_stream,
};
#[cfg(feature = "blocking")]
use crate::client::OktaClient;
use crate::{
    error::Error,
    request::{Cursor, Draft},
};

/// All pages of a list as a stream; `stream()` on the list's builder returns the items instead.
///
/// While you work with a page, the next one is fetched by a task of the tokio runtime ([`read_ahead`](Self::read_ahead)), and
/// never more than that one. Dropping the stream aborts it.
///
/// [`try_next`](Self::try_next) never returns `None` because of an error. A request that fails is an error, and so is a page
/// that cannot be read; the next call asks for the same page again. A link that cannot be followed ([`Error::is_paging`]) is
/// returned as an error by each further call. As a `Stream` and as a blocking iterator, it ends after an error that does not
/// pass ([`Error::is_transient`]).
///
/// Parameters of the list that Okta's link to the next page lacks are added to it: see [`Pager`](crate::Pager).
#[must_use = "streams do nothing unless polled"]
pub struct Pages<T, F = Model> {
    walk: PageWalker,
    /// Whether the stream has ended with an error.
    has_failed: bool,
    item: PhantomData<fn() -> (T, F)>,
}

impl<T, F> Pages<T, F> {
    pub(crate) fn new(first: Draft) -> Self {
        Self {
            walk: PageWalker::new(first),
            has_failed: false,
            item: PhantomData,
        }
    }

    #[cfg(feature = "blocking")]
    pub(crate) fn client(&self) -> &OktaClient {
        self.walk.client()
    }

    /// Sets whether the next page is fetched while you work with this one; true unless set. It costs one request too many if
    /// you stop before the end. Without a tokio runtime nothing is read ahead.
    pub fn read_ahead(mut self, reads_ahead: bool) -> Self {
        self.walk.read_ahead(reads_ahead);
        self
    }

    /// The page that is delivered next, to be saved and given to `resume` on the same list; `None` after the last page.
    /// After an error it is the page that failed.
    #[must_use]
    pub fn cursor(&self) -> Option<Cursor> {
        self.walk.cursor()
    }
}

impl<T: 'static, F: ItemFormat<T>> Pages<T, F> {
    /// The next page, or `None` after the last.
    ///
    /// # Errors
    /// As the list call itself. The pages before stay valid, and the next call continues: see [`Pages`].
    ///
    /// # Cancel safety
    /// Dropping the future loses nothing: the next call continues. A request that is under way runs to its end meanwhile.
    pub async fn try_next(&mut self) -> Result<Option<Page<T, F>>, Error> {
        poll_fn(|context| self.poll_page(context)).await
    }

    fn poll_page(&mut self, context: &mut Context<'_>) -> Poll<Result<Option<Page<T, F>>, Error>> {
        let Some(received) = ready!(self.walk.poll_received(context)) else {
            return Poll::Ready(Ok(None));
        };
        let page = received.and_then(|received| {
            let draft = received.draft.clone();
            Page::<T, F>::read(received).inspect_err(|_| self.walk.ask_again(&draft))
        });
        Poll::Ready(page.map(Some))
    }
}

impl<T: 'static, F: ItemFormat<T>> Stream for Pages<T, F> {
    type Item = Result<Page<T, F>, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if self.has_failed {
            return Poll::Ready(None);
        }
        let page = ready!(self.poll_page(context));
        self.has_failed = page.as_ref().is_err_and(ends_stream);
        Poll::Ready(page.transpose())
    }
}

impl<T, F> fmt::Debug for Pages<T, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pages")
            .field("cursor", &self.cursor())
            .finish_non_exhaustive()
    }
}
