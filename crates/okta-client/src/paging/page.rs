//! One page of a list.

use std::{fmt, marker::PhantomData};

use serde::{Serialize, Serializer};

use super::{
    envelope::Envelope,
    item_format::{ItemFormat, Model},
    next_page::Trail,
    page_reader::{PageReader, Unreadable},
    undecodable_item::UndecodableItem,
};
use crate::{
    error::{Error, ErrorResponse, PagingError},
    exchange,
    request::{Cursor, Draft},
    response::Received,
};

/// One page of a list, and the way to the next.
///
/// An item that is not a record of the documented type (`null`, a bare string) does not fail the page: it is in
/// [`undecodable_items`](Self::undecodable_items) with its position.
///
/// `F` says how the items were decoded: as models, or as [`items_as`](crate::call::RawCall::items_as) or
/// [`items_raw`](crate::call::RawCall::items_raw) of the list has it.
#[derive(Clone)]
#[non_exhaustive]
pub struct Page<T, F = Model> {
    /// The items of this page.
    pub items: Vec<T>,
    undecodable: Vec<UndecodableItem>,
    envelope: Envelope,
    draft: Draft,
    next: Next,
    format: PhantomData<fn() -> F>,
}

/// What follows a page.
#[derive(Clone)]
enum Next {
    /// Nothing: it is the last.
    Last,
    /// Another page.
    Page(Box<Draft>, Trail),
    /// Another page that cannot be asked for.
    BadLink(Box<(PagingError, ErrorResponse)>),
}

impl<T, F: ItemFormat<T>> Page<T, F> {
    pub(crate) fn read(received: Received) -> Result<Self, Error> {
        Self::read_after(Trail::default(), received)
    }

    /// Reads a page that was asked for after those of the trail.
    fn read_after(mut trail: Trail, received: Received) -> Result<Self, Error> {
        let next = match trail.next(&received) {
            Ok(Some(draft)) => Next::Page(Box::new(draft), trail),
            Ok(None) => Next::Last,
            Err(problem) => Next::BadLink(Box::new((problem, received.error_response()))),
        };
        let draft = received.draft.clone();
        let mut page = PageReader::<T, F>::open(received);
        let (mut items, mut undecodable) = (Vec::new(), Vec::new());
        loop {
            match page.next() {
                Ok(Some(item)) => items.push(item),
                Ok(None) => break,
                Err(Unreadable::Item(item, _)) => undecodable.push(item),
                Err(unreadable) => return Err(page.error(unreadable).0),
            }
        }
        Ok(Self {
            items,
            undecodable,
            envelope: page.envelope,
            draft,
            next,
            format: PhantomData,
        })
    }

    /// Asks for the page after this one, with all parameters of the list (see [`Pager`](crate::Pager)); `None` if this is the
    /// last.
    ///
    /// A page may be empty and still not be the last.
    ///
    /// # Errors
    /// As the call that returned this page; and if the link to the next page is malformed, leads to another host or in a
    /// circle ([`Error::is_paging`]). The next call asks for the same page again.
    ///
    /// # Cancel safety
    /// Dropping the future loses nothing: the page stays, and can be asked again.
    pub async fn next(&self) -> Result<Option<Self>, Error> {
        match self.next.clone() {
            Next::Last => Ok(None),
            Next::Page(draft, trail) => Self::read_after(trail, exchange::send(*draft).await?).map(Some),
            Next::BadLink(refused) => {
                let (problem, response) = *refused;
                Err(Error::paging(self.draft.operation(), problem, Some(response)))
            }
        }
    }
}

impl<T, F> Page<T, F> {
    /// Returns true if there is a page after this one.
    #[must_use]
    pub fn has_next(&self) -> bool {
        !matches!(self.next, Next::Last)
    }

    /// The next page, to be saved and given to `resume` on the same list; `None` if this is the last page or the link is
    /// unusable.
    #[must_use]
    pub fn cursor(&self) -> Option<Cursor> {
        match &self.next {
            Next::Page(next, _) => next.cursor(),
            Next::Last | Next::BadLink(_) => None,
        }
    }

    /// The items that cannot be read as records of the documented kind, with their positions in the page.
    #[must_use]
    pub fn undecodable_items(&self) -> &[UndecodableItem] {
        &self.undecodable
    }

    /// How many items are on this page, the undecodable ones not counted.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.items.len()
    }

    /// Returns true if the page has no items. The next page may have some: see [`has_next`](Self::has_next).
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.items.is_empty()
    }
}

impl<T: fmt::Debug, F> fmt::Debug for Page<T, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Page")
            .field("items", &self.items)
            .field("undecodable_items", &self.undecodable.len())
            .field("has_next", &!matches!(self.next, Next::Last))
            .finish()
    }
}

impl<T, F> IntoIterator for Page<T, F> {
    type Item = T;
    type IntoIter = std::vec::IntoIter<T>;

    fn into_iter(self) -> Self::IntoIter {
        self.items.into_iter()
    }
}

impl<'a, T, F> IntoIterator for &'a Page<T, F> {
    type Item = &'a T;
    type IntoIter = std::slice::Iter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.items.iter()
    }
}

impl<T: Serialize, F> Serialize for Page<T, F> {
    /// Writes the page as it was received: undecodable items in their places, and the envelope.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.envelope.write(&self.items, &self.undecodable, serializer)
    }
}
