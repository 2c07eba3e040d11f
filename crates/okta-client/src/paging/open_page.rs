//! A page whose items are being read.

use std::{marker::PhantomData, str::from_utf8, vec};

use bytes::Bytes;
use bytestring::ByteString;
use okta_models::json::{DecodeError, FromJson, Item, Items, from_slice};
use serde_json::{Value, value::RawValue};

use super::frame::{Frame, Wrapper};
use crate::{
    Error,
    core::{Draft, Received},
    error::{Answered, UnreadableItem},
};

/// A page whose items are being read, one at a time from the bytes it came in.
pub(crate) struct OpenPage<T> {
    received: Box<Received>,
    pub(super) frame: Frame,
    source: Source,
    /// How many items were read.
    position: usize,
    item: PhantomData<fn() -> T>,
}

enum Source {
    /// The body is known to be UTF-8, so that its strings need not be checked one by one.
    Text { text: ByteString, items: Items },
    /// Each item for itself, so that one which cannot be read takes no other along: those in an object, and those of an
    /// array that holds such a one.
    OneByOne(vec::IntoIter<Bytes>),
    /// Nothing can be read at all.
    Broken(Option<DecodeError>),
}

/// What cannot be read.
pub(crate) enum Unreadable {
    /// One item; the next one may be.
    Item(OddItem, DecodeError),
    /// The rest of the page.
    Page(DecodeError),
}

/// An item of a page that is no record of the documented kind, as it came.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct OddItem {
    position: usize,
    json: Bytes,
}

impl OddItem {
    pub(super) fn new(position: usize, json: Bytes) -> Self {
        Self { position, json }
    }
    /// Where it stands in its page; the first item is 0.
    #[must_use]
    pub fn position(&self) -> usize {
        self.position
    }
    /// Its JSON.
    #[must_use]
    pub fn json(&self) -> &str {
        // The page was checked to be UTF-8.
        from_utf8(&self.json).unwrap_or_default()
    }
}

impl<T: FromJson> OpenPage<T> {
    pub(crate) fn open(received: Received) -> Self {
        let mut frame = Frame::Array;
        let source = if let Some(wrapper) = Wrapper::of(&received) {
            wrapper.open(&received.body).map(|(opened, items)| {
                frame = opened;
                Source::OneByOne(items.into_iter())
            })
        } else if received.is_silent_success() {
            Ok(Source::OneByOne(Vec::new().into_iter()))
        } else {
            let items = Items::new();
            match ByteString::try_from(received.body.clone()) {
                Ok(text) => Ok(Source::Text { text, items }),
                Err(error) => Err(DecodeError::encoding::<Vec<T>>(error)),
            }
        };
        Self {
            received: Box::new(received),
            frame,
            source: source.unwrap_or_else(|error| Source::Broken(Some(error))),
            position: 0,
            item: PhantomData,
        }
    }

    /// The next item; `None` behind the last. After an unreadable item the next one comes, after an unreadable page nothing.
    #[inline]
    pub(crate) fn next(&mut self) -> Result<Option<T>, Unreadable> {
        let read = match &mut self.source {
            Source::Text { text, items } => items.next(text),
            Source::OneByOne(items) => read_one(items),
            Source::Broken(error) => error.take().map_or(Ok(None), Err),
        };
        match read {
            Ok(Some(Item::Typed(item))) => {
                self.position += 1;
                Ok(Some(item))
            }
            Ok(None) => Ok(None),
            Ok(Some(Item::Undecodable(value))) => self.odd(&value),
            Err(error) => self.unreadable(error),
        }
    }

    /// Of an item that is no record only the value is known so far.
    #[cold]
    fn odd(&mut self, value: &Value) -> Result<Option<T>, Unreadable> {
        if self.go_one_by_one() {
            return self.next();
        }
        let json = Bytes::from(value.to_string());
        match from_slice(&json) {
            Ok(item) => {
                self.position += 1;
                Ok(Some(item))
            }
            Err(reason) => self.skip(json, reason),
        }
    }

    #[cold]
    fn unreadable(&mut self, reason: DecodeError) -> Result<Option<T>, Unreadable> {
        if let Source::OneByOne(items) = &mut self.source {
            return match items.next() {
                Some(json) => self.skip(json, reason),
                None => Err(Unreadable::Page(reason)),
            };
        }
        // One item may be all there is to blame: too deeply nested, in an array that is whole.
        if self.go_one_by_one() {
            return self.next();
        }
        Err(Unreadable::Page(reason))
    }

    fn skip(&mut self, json: Bytes, reason: DecodeError) -> Result<Option<T>, Unreadable> {
        let position = self.position;
        self.position += 1;
        Err(Unreadable::Item(OddItem::new(position, json), reason))
    }

    /// Reads the rest of an array item by item, if it is a whole array at all.
    fn go_one_by_one(&mut self) -> bool {
        let Source::Text { text, .. } = &self.source else {
            return false;
        };
        let json = text.strip_prefix('\u{feff}').unwrap_or(text);
        let Ok(items) = serde_json::from_str::<Vec<&RawValue>>(json) else {
            return false;
        };
        let rest = items.into_iter().skip(self.position);
        let rest: Vec<_> = rest
            .map(|item| text.as_bytes().slice_ref(item.get().as_bytes()))
            .collect();
        self.source = Source::OneByOne(rest.into_iter());
        true
    }
}

impl<T> OpenPage<T> {
    /// The answer that holds the page.
    pub(crate) fn received(&self) -> &Received {
        &self.received
    }

    /// How many items were read.
    pub(crate) fn count(&self) -> usize {
        self.position
    }

    /// The request the page is the answer to.
    pub(crate) fn draft(&self) -> &Draft {
        &self.received.draft
    }

    /// The error that something unreadable is, and whether more can be read behind it.
    #[cold]
    pub(crate) fn error(&self, unreadable: Unreadable) -> (Error, bool) {
        match unreadable {
            Unreadable::Item(OddItem { position, json }, reason) => {
                let answered = Answered {
                    body: json,
                    ..self.received.answered()
                };
                let error = UnreadableItem { position, reason };
                (Error::decode(self.received.draft.operation(), error, answered), true)
            }
            Unreadable::Page(error) => ((*self.received).clone().undecodable(error), false),
        }
    }
}

/// Reads the first of these items; one that cannot be read stays the first.
fn read_one<T: FromJson>(items: &mut vec::IntoIter<Bytes>) -> Result<Option<Item<T>>, DecodeError> {
    let Some(json) = items.as_slice().first() else {
        return Ok(None);
    };
    let item = from_slice(json)?;
    items.next();
    Ok(Some(Item::Typed(item)))
}
