//! A page whose items are being read.

use std::{marker::PhantomData, vec};

use bytes::Bytes;
use bytestring::ByteString;
use okta_models::json::{DecodeError, Items};
use serde_json::value::RawValue;

use super::{
    envelope::{Envelope, PageObject},
    item_format::{Decoded, ItemFormat, Model},
    undecodable_item::UndecodableItem,
};
use crate::{
    error::{Error, ErrorResponse, ItemError},
    request::Draft,
    response::Received,
};

/// A page whose items are being read, one at a time from the bytes it came in.
pub(crate) struct PageReader<T, F = Model> {
    received: Box<Received>,
    pub(super) envelope: Envelope,
    source: Source,
    /// How many items were read.
    position: usize,
    item: PhantomData<fn() -> (T, F)>,
}

enum Source {
    /// The body is known to be UTF-8, so that its strings need not be checked one by one.
    Text { text: ByteString, items: Items },
    /// Each item for itself, so that one which cannot be read takes no other along: those in an object, and those of an
    /// array that holds one which no reader can pass over.
    OneByOne(vec::IntoIter<Bytes>),
    /// Nothing can be read at all.
    Broken(Option<DecodeError>),
}

/// What cannot be read.
pub(crate) enum Unreadable {
    /// One item; the next one may be.
    Item(UndecodableItem, DecodeError),
    /// The rest of the page.
    Page(DecodeError),
}

impl<T, F: ItemFormat<T>> PageReader<T, F> {
    pub(crate) fn open(received: Received) -> Self {
        let mut envelope = Envelope::Array;
        let source = if let Some(wrapper) = PageObject::of(&received) {
            wrapper.open(&received.body).map(|(opened, items)| {
                envelope = opened;
                Source::OneByOne(items.into_iter())
            })
        } else if received.is_empty_success() {
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
            envelope,
            source: source.unwrap_or_else(|error| Source::Broken(Some(error))),
            position: 0,
            item: PhantomData,
        }
    }

    /// Returns the next item; `None` after the last. After an undecodable item the next one follows, after an undecodable page
    /// nothing.
    #[inline]
    pub(crate) fn next(&mut self) -> Result<Option<T>, Unreadable> {
        let read = match &mut self.source {
            Source::Text { text, items } => F::next(items, text),
            Source::OneByOne(items) => read_one::<T, F>(items),
            Source::Broken(error) => error.take().map_or(Ok(None), Err),
        };
        match read {
            Ok(Some(Decoded::Item(item))) => {
                self.position += 1;
                Ok(Some(item))
            }
            Ok(None) => Ok(None),
            Ok(Some(Decoded::Undecodable(reason))) => self.skip_undecodable(reason),
            Err(error) => self.unreadable(error),
        }
    }

    /// Skips the item that was read last, with its text and the reason.
    #[cold]
    fn skip_undecodable(&mut self, reason: Option<DecodeError>) -> Result<Option<T>, Unreadable> {
        let Source::Text { text, items } = &self.source else {
            return Ok(None);
        };
        let item = text.get(items.last()).unwrap_or_default();
        let json = text.as_bytes().slice_ref(item.as_bytes());
        let reason = match reason {
            Some(reason) => reason,
            None => match F::read(&json) {
                Ok(item) => {
                    self.position += 1;
                    return Ok(Some(item));
                }
                Err(reason) => reason,
            },
        };
        self.skip(json, reason)
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
        Err(Unreadable::Item(UndecodableItem::new(position, json), reason))
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

impl<T, F> PageReader<T, F> {
    /// The response with the page.
    pub(crate) fn received(&self) -> &Received {
        &self.received
    }

    /// How many items were read.
    pub(crate) fn count(&self) -> usize {
        self.position
    }

    /// The request of the page.
    pub(crate) fn draft(&self) -> &Draft {
        &self.received.draft
    }

    /// Returns the error, and whether more items can be read after it.
    #[cold]
    pub(crate) fn error(&self, unreadable: Unreadable) -> (Error, bool) {
        match unreadable {
            Unreadable::Item(UndecodableItem { position, json }, reason) => {
                let response = ErrorResponse {
                    body: json,
                    ..self.received.error_response()
                };
                let error = ItemError { position, reason };
                (Error::decode(self.received.draft.operation(), error, response), true)
            }
            Unreadable::Page(error) => (self.received.undecodable(error), false),
        }
    }
}

/// Reads the first of these items; one that cannot be read stays the first.
fn read_one<T, F: ItemFormat<T>>(items: &mut vec::IntoIter<Bytes>) -> Result<Option<Decoded<T>>, DecodeError> {
    let Some(json) = items.as_slice().first() else {
        return Ok(None);
    };
    let item = F::read(json)?;
    items.next();
    Ok(Some(Decoded::Item(item)))
}
