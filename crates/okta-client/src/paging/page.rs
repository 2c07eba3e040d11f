//! One page of a list.

use okta_models::json::{FromJson, Item, Items, text};
use serde::{Serialize, Serializer, ser::SerializeSeq};
use serde_json::Value;

use super::next_page::next_page;
use crate::{
    Error,
    core::{Draft, Received},
};

/// One page of a list, and the way to the next.
///
/// An item that is no record of the documented kind at all (`null`, a bare string) does not fail the page: it is kept in
/// [`odd_items`](Self::odd_items) with its position.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Page<T> {
    /// The items of this page.
    pub items: Vec<T>,
    odd: Vec<(usize, Value)>,
    next: Option<Draft>,
}

impl<T: FromJson + 'static> Page<T> {
    pub(crate) fn read(received: Received) -> Result<Self, Error> {
        let next = next_page(&received)?;
        let body = match text::<Vec<T>>(&received.body) {
            Ok(body) => body,
            Err(error) => return Err(received.undecodable(error)),
        };
        let mut decoding = Items::new();
        let mut page = Self {
            items: Vec::new(),
            odd: Vec::new(),
            next,
        };
        loop {
            match decoding.next(body) {
                Ok(Some(Item::Typed(item))) => page.items.push(item),
                Ok(Some(Item::Odd(value))) => page.odd.push((page.items.len() + page.odd.len(), value)),
                Ok(None) => return Ok(page),
                Err(error) => return Err(received.undecodable(error)),
            }
        }
    }

    /// Whether there is a page behind this one.
    #[must_use]
    pub fn has_next(&self) -> bool {
        self.next.is_some()
    }

    /// Asks for the page behind this one; `None` where this is the last.
    ///
    /// A page may be empty and still not be the last.
    ///
    /// # Errors
    /// As the call that gave this page.
    ///
    /// # Cancel safety
    /// Dropping the future loses nothing: the page stays, and can be asked again.
    pub async fn next(&self) -> Result<Option<Self>, Error> {
        match self.next.clone() {
            Some(next) => Self::read(next.send().await?).map(Some),
            None => Ok(None),
        }
    }

    /// The items that are no records of the documented kind, with their positions in the page.
    #[must_use]
    pub fn odd_items(&self) -> &[(usize, Value)] {
        &self.odd
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
    /// Writes the page as it came, odd items in their places.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut page = serializer.serialize_seq(Some(self.items.len() + self.odd.len()))?;
        let (mut items, mut odd) = (self.items.iter(), self.odd.iter().peekable());
        for position in 0..self.items.len() + self.odd.len() {
            match odd.next_if(|(at, _)| *at == position) {
                Some((_, value)) => page.serialize_element(value)?,
                None => {
                    if let Some(item) = items.next() {
                        page.serialize_element(item)?;
                    }
                }
            }
        }
        page.end()
    }
}
