//! How the items of a page are decoded.

use bytes::Bytes;
use bytestring::ByteString;
use okta_models::json::{DecodeError, FromJson, Item, Items, from_slice, own_from_slice};
use serde::de::DeserializeOwned;

use super::raw_item::RawItem;

/// How the items of a list become values of the type `T`. The formats are closed: [`Model`], [`Own`] and [`Verbatim`].
pub trait ItemFormat<T>: 'static {
    /// The next item of an array.
    #[doc(hidden)]
    fn next(items: &mut Items, page: &ByteString) -> Result<Option<Decoded<T>>, DecodeError>;
    /// One item from its JSON.
    #[doc(hidden)]
    fn read(json: &Bytes) -> Result<T, DecodeError>;
}

/// An item of a page.
#[doc(hidden)]
#[derive(Debug)]
pub enum Decoded<T> {
    Item(T),
    /// It does not fit. The reason may be found by [`ItemFormat::read`].
    Undecodable(Option<DecodeError>),
}

/// Items are decoded as models of this SDK: every JSON object fits, and nothing of it is lost.
#[derive(Clone, Copy, Debug)]
pub struct Model;

/// Items are decoded by serde as a type of your program: `items_as` of every list returns such lists.
#[derive(Clone, Copy, Debug)]
pub struct Own;

/// Items are not decoded: `items_raw` of every list returns such lists.
#[derive(Clone, Copy, Debug)]
pub struct Verbatim;

impl<T: FromJson + 'static> ItemFormat<T> for Model {
    #[inline]
    fn next(items: &mut Items, page: &ByteString) -> Result<Option<Decoded<T>>, DecodeError> {
        Ok(match items.next(page)? {
            Some(Item::Typed(item)) => Some(Decoded::Item(item)),
            Some(Item::Undecodable(_)) => Some(Decoded::Undecodable(None)),
            None => None,
        })
    }
    fn read(json: &Bytes) -> Result<T, DecodeError> {
        from_slice(json)
    }
}

impl<T: DeserializeOwned + 'static> ItemFormat<T> for Own {
    #[inline]
    fn next(items: &mut Items, page: &ByteString) -> Result<Option<Decoded<T>>, DecodeError> {
        Ok(match items.next_own(page)? {
            Some(Ok(item)) => Some(Decoded::Item(item)),
            Some(Err(reason)) => Some(Decoded::Undecodable(Some(reason))),
            None => None,
        })
    }
    fn read(json: &Bytes) -> Result<T, DecodeError> {
        own_from_slice(json)
    }
}

impl ItemFormat<RawItem> for Verbatim {
    #[inline]
    fn next(items: &mut Items, page: &ByteString) -> Result<Option<Decoded<RawItem>>, DecodeError> {
        let item = items.next_verbatim(page)?.and_then(|range| page.get(range));
        Ok(item.map(|item| Decoded::Item(RawItem::new(page.slice_ref(item)))))
    }
    fn read(json: &Bytes) -> Result<RawItem, DecodeError> {
        // A part of a page, which is UTF-8.
        let text = ByteString::try_from(json.clone()).map_err(DecodeError::encoding::<RawItem>)?;
        Ok(RawItem::new(text))
    }
}
