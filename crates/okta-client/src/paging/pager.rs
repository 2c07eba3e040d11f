//! All items of a list, over all its pages.

use std::{
    fmt,
    future::poll_fn,
    pin::Pin,
    task::{Context, Poll, ready},
    vec,
};

use bytestring::ByteString;
use futures_core::Stream;
use okta_models::json::{DecodeError, FromJson, Item, Items};
use serde_json::Value;

use super::{
    frame::{self, Frame},
    walk::Walk,
};
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
    page: Option<OpenPage<T>>,
    page_is_empty: bool,
    odd: Vec<Value>,
}

/// A page whose items are being read.
enum OpenPage<T> {
    /// The body is known to be UTF-8, so that its strings need not be checked one by one.
    Text {
        received: Box<Received>,
        text: ByteString,
        items: Items,
    },
    /// The items of a body that is no array.
    Items(vec::IntoIter<Item<T>>),
}

impl<T: FromJson> OpenPage<T> {
    fn open(received: Received) -> Result<Self, Error> {
        if let Some((paths, object)) = frame::object_of(&received) {
            return match Frame::open(paths, object) {
                Ok((_, items)) => Ok(Self::Items(items.into_iter())),
                Err(error) => Err(received.undecodable(error)),
            };
        }
        if received.is_silent_success() {
            return Ok(Self::Items(Vec::new().into_iter()));
        }
        match ByteString::try_from(received.body.clone()) {
            Ok(text) => Ok(Self::Text {
                received: Box::new(received),
                text,
                items: Items::new(),
            }),
            Err(error) => Err(received.undecodable(DecodeError::encoding::<Vec<T>>(error))),
        }
    }

    fn next(&mut self) -> Result<Option<Item<T>>, Error> {
        match self {
            Self::Items(items) => Ok(items.next()),
            Self::Text { received, text, items } => {
                items.next(text).map_err(|error| received.clone().undecodable(error))
            }
        }
    }
}

impl<T> Pager<T> {
    pub(crate) fn new(first: Draft) -> Self {
        Self {
            walk: Walk::new(first),
            page: None,
            page_is_empty: true,
            odd: Vec::new(),
        }
    }

    /// The items so far that are no records of the documented kind.
    #[must_use]
    pub fn odd_items(&self) -> &[Value] {
        &self.odd
    }
}

impl<T: FromJson + Unpin + 'static> Pager<T> {
    /// The next item, or `None` behind the last.
    ///
    /// # Errors
    /// As the list call itself; the items before stay valid.
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
                match ready!(self.walk.poll_received(context)).map(|received| received.and_then(OpenPage::open)) {
                    Some(Ok(page)) => self.page = Some(page),
                    Some(Err(error)) => return self.fail(error),
                    None => return Poll::Ready(Ok(None)),
                }
                self.page_is_empty = true;
                continue;
            };
            match page.next() {
                Ok(Some(item)) => {
                    self.page_is_empty = false;
                    match item {
                        Item::Typed(item) => return Poll::Ready(Ok(Some(item))),
                        Item::Odd(value) => self.odd.push(value),
                    }
                }
                Ok(None) => {
                    self.page = None;
                    if self.page_is_empty {
                        self.walk.page_was_empty();
                    }
                }
                Err(error) => return self.fail(error),
            }
        }
    }

    /// Ends the stream with an error.
    fn fail(&mut self, error: Error) -> Poll<Result<Option<T>, Error>> {
        self.walk.stop();
        self.page = None;
        Poll::Ready(Err(error))
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
            .field("odd_items", &self.odd.len())
            .finish_non_exhaustive()
    }
}
