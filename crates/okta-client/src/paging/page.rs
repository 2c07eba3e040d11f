//! One page of a list.

use std::fmt;

use okta_models::{
    DecodeError,
    json::{FromJson, Item, Items, text},
};
use serde::{Serialize, Serializer};
use serde_json::Value;

use super::{
    frame::{self, Frame},
    next_page::{Next, Step},
};
use crate::{
    Error,
    core::{Draft, Received},
};

/// One page of a list, and the way to the next.
///
/// An item that is no record of the documented kind at all (`null`, a bare string) does not fail the page: it is kept in
/// [`odd_items`](Self::odd_items) with its position.
#[derive(Clone)]
#[non_exhaustive]
pub struct Page<T> {
    /// The items of this page.
    pub items: Vec<T>,
    odd: Vec<(usize, Value)>,
    frame: Frame,
    draft: Draft,
    next: Next,
}

impl<T: FromJson + 'static> Page<T> {
    pub(crate) fn read(received: Received) -> Result<Self, Error> {
        let step = Step::first(received.draft.clone());
        Self::of_step(step, received)
    }

    fn of_step(step: Step, received: Received) -> Result<Self, Error> {
        let next = step.next(&received);
        let draft = received.draft.clone();
        let mut page = Self {
            items: Vec::new(),
            odd: Vec::new(),
            frame: Frame::Array,
            draft,
            next,
        };
        match page.fill(&received) {
            Ok(()) => Ok(page),
            Err(error) => Err(received.undecodable(error)),
        }
    }

    fn fill(&mut self, received: &Received) -> Result<(), DecodeError> {
        if let Some((paths, object)) = frame::object_of(received) {
            let (frame, items) = Frame::open(paths, object)?;
            self.frame = frame;
            items.into_iter().for_each(|item| self.push(item));
            return Ok(());
        }
        if received.is_silent_success() {
            return Ok(());
        }
        let body = text::<Vec<T>>(&received.body)?;
        let mut items = Items::new();
        while let Some(item) = items.next(body)? {
            self.push(item);
        }
        Ok(())
    }

    fn push(&mut self, item: Item<T>) {
        match item {
            Item::Typed(item) => self.items.push(item),
            Item::Odd(value) => self.odd.push((self.items.len() + self.odd.len(), value)),
        }
    }

    /// Whether there is a page behind this one.
    #[must_use]
    pub fn has_next(&self) -> bool {
        !matches!(self.next, Next::None)
    }

    /// Asks for the page behind this one; `None` where this is the last.
    ///
    /// A page may be empty and still not be the last.
    ///
    /// # Errors
    /// As the call that gave this page; and where the link to the next page is malformed, leads away from the org or in
    /// circles ([`Error::is_paging`]).
    ///
    /// # Cancel safety
    /// Dropping the future loses nothing: the page stays, and can be asked again.
    pub async fn next(&self) -> Result<Option<Self>, Error> {
        match self.next.clone() {
            Next::None => Ok(None),
            Next::Page(step) => {
                let received = step.draft.clone().send().await?;
                Self::of_step(*step, received).map(Some)
            }
            Next::Refused(refused) => Err(Next::error(&self.draft, *refused)),
        }
    }

    /// The items that are no records of the documented kind, with their positions in the page.
    #[must_use]
    pub fn odd_items(&self) -> &[(usize, Value)] {
        &self.odd
    }
}

impl<T: fmt::Debug> fmt::Debug for Page<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Page")
            .field("items", &self.items)
            .field("odd_items", &self.odd.len())
            .field("has_next", &!matches!(self.next, Next::None))
            .finish()
    }
}

impl<T> IntoIterator for Page<T> {
    type Item = T;
    type IntoIter = std::vec::IntoIter<T>;

    fn into_iter(self) -> Self::IntoIter {
        self.items.into_iter()
    }
}

impl<'a, T> IntoIterator for &'a Page<T> {
    type Item = &'a T;
    type IntoIter = std::slice::Iter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.items.iter()
    }
}

impl<T: Serialize> Serialize for Page<T> {
    /// Writes the page as it came: odd items in their places, and what stood around the items.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.frame.write(&self.items, &self.odd, serializer)
    }
}
