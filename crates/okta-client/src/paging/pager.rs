//! All items of a list, over all its pages.

use std::{
    fmt,
    future::poll_fn,
    marker::PhantomData,
    pin::Pin,
    task::{Context, Poll, ready},
};

use futures_core::Stream;
use okta_models::json::{DecodeError, FromJson, Item, Items};
use serde_json::Value;

use super::pages::Walk;
use crate::{
    Error,
    core::{Draft, Received},
};

/// All items of a list as a stream.
///
/// Each item is decoded when it is asked for, straight from the page it came in, and the next page is asked for when the
/// items of the last are used up. An item that is no record of the documented kind at all (`null`, a bare string) does
/// not interrupt the stream: it is kept in [`odd_items`](Self::odd_items). A failed page is an error and the end.
#[must_use = "streams do nothing unless polled"]
pub struct Pager<T> {
    walk: Walk,
    page: Option<OpenPage>,
    page_is_empty: bool,
    odd: Vec<Value>,
    item: PhantomData<fn() -> T>,
}

/// A page whose items are being read.
struct OpenPage {
    /// The response, its body aside.
    received: Received,
    /// The body, known to be UTF-8, so that its strings need not be checked one by one.
    text: String,
    items: Items,
}

impl OpenPage {
    fn open<T>(mut received: Received) -> Result<Self, Error> {
        match String::from_utf8(std::mem::take(&mut received.body).into()) {
            Ok(text) => Ok(Self {
                received,
                text,
                items: Items::new(),
            }),
            Err(error) => {
                let problem = DecodeError::encoding::<Vec<T>>(error.utf8_error());
                received.body = error.into_bytes().into();
                Err(received.undecodable(problem))
            }
        }
    }

    fn undecodable(mut self, error: DecodeError) -> Error {
        self.received.body = self.text.into();
        self.received.undecodable(error)
    }
}

impl<T> Pager<T> {
    pub(crate) fn new(first: Draft) -> Self {
        Self {
            walk: Walk::new(first),
            page: None,
            page_is_empty: true,
            odd: Vec::new(),
            item: PhantomData,
        }
    }

    /// The items so far that are no records of the documented kind.
    #[must_use]
    pub fn odd_items(&self) -> &[Value] {
        &self.odd
    }
}

impl<T: FromJson + 'static> Pager<T> {
    /// The next item, or `None` behind the last.
    ///
    /// # Errors
    /// As the list call itself; the items before stay valid.
    ///
    /// # Cancel safety
    /// Dropping the future loses nothing: the next call goes on where it was.
    pub async fn try_next(&mut self) -> Result<Option<T>, Error> {
        poll_fn(|context| Pin::new(&mut *self).poll_next(context))
            .await
            .transpose()
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
}

impl<T: FromJson + 'static> Stream for Pager<T> {
    type Item = Result<T, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            let pager = &mut *self;
            let Some(page) = &mut pager.page else {
                match ready!(pager.walk.poll_received(context)).map(|received| received.and_then(OpenPage::open::<T>)) {
                    Some(Ok(page)) => pager.page = Some(page),
                    Some(Err(error)) => {
                        pager.walk.stop();
                        return Poll::Ready(Some(Err(error)));
                    }
                    None => return Poll::Ready(None),
                }
                pager.page_is_empty = true;
                continue;
            };
            match page.items.next(&page.text) {
                Ok(Some(item)) => {
                    pager.page_is_empty = false;
                    match item {
                        Item::Typed(item) => return Poll::Ready(Some(Ok(item))),
                        Item::Odd(value) => pager.odd.push(value),
                    }
                }
                Ok(None) => {
                    pager.page = None;
                    if pager.page_is_empty {
                        pager.walk.page_was_empty();
                    }
                }
                Err(error) => {
                    pager.walk.stop();
                    return Poll::Ready(pager.page.take().map(|page| Err(page.undecodable(error))));
                }
            }
        }
    }
}

impl<T> fmt::Debug for Pager<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pager")
            .field("odd_items", &self.odd.len())
            .finish_non_exhaustive()
    }
}
