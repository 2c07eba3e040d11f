//! The envelope of a page: nothing (an array), or an object with the items in one of its members.

use std::collections::BTreeMap;

use bytes::Bytes;
use okta_models::{
    DecodeError, Links,
    json::{from_slice, text},
};
use serde::{
    Serialize, Serializer,
    ser::{SerializeMap, SerializeSeq},
};
use serde_json::{Map, Value, value::RawValue};

use super::undecodable_item::UndecodableItem;
use crate::response::Received;

/// The part of a page's body around its items.
#[derive(Clone, Debug)]
pub(super) enum Envelope {
    /// The body is the array of items.
    Array,
    /// The body is an object with the items at this path.
    Member {
        rest: Map<String, Value>,
        path: &'static str,
    },
    /// The body is an object without items.
    NoItems(Value),
    /// The body is an object, and the one item.
    OneItem,
}

/// The body of a page that is an object: the paths where its items may be, and its members verbatim.
pub(super) struct PageObject<'a> {
    paths: &'static [&'static str],
    text: &'a str,
    members: Members<'a>,
}

type Members<'a> = BTreeMap<String, &'a RawValue>;

impl<'a> PageObject<'a> {
    /// The object in this response, if the operation may respond with one.
    pub(super) fn of(received: &'a Received) -> Option<Self> {
        let paths = received.draft.operation()?.items_at;
        if paths.is_empty() {
            return None;
        }
        Self::read(paths, &received.body)
    }

    fn read(paths: &'static [&'static str], body: &'a [u8]) -> Option<Self> {
        let text = text::<Value>(body).ok()?;
        // Anything but an object is left to the reader of arrays, whose error says why.
        let members = serde_json::from_str(text).ok()?;
        Some(Self { paths, text, members })
    }

    /// The items, each verbatim, so that one that cannot be decoded does not fail the others; and their envelope.
    pub(super) fn open(&self, body: &Bytes) -> Result<(Envelope, Vec<Bytes>), DecodeError> {
        for path in self.paths {
            if path.is_empty() {
                return Ok((Envelope::OneItem, vec![body.slice_ref(self.text.as_bytes())]));
            }
            let found =
                at(&self.members, path).and_then(|found| serde_json::from_str::<Vec<&RawValue>>(found.get()).ok());
            if let Some(items) = found {
                let items = items.into_iter().map(|item| body.slice_ref(item.get().as_bytes()));
                let rest = without(&self.members, path)?;
                return Ok((Envelope::Member { rest, path }, items.collect()));
            }
        }
        Ok((Envelope::NoItems(from_slice(self.text.as_bytes())?), Vec::new()))
    }
}

/// The value at a path of member names.
fn at<'a>(members: &Members<'a>, path: &str) -> Option<&'a RawValue> {
    match path.split_once('.') {
        Some((first, below)) => at(&serde_json::from_str(members.get(first)?.get()).ok()?, below),
        None => members.get(path).copied(),
    }
}

/// The object, with no items at this path.
fn without(members: &Members<'_>, path: &str) -> Result<Map<String, Value>, DecodeError> {
    let (first, below) = path.split_once('.').unwrap_or((path, ""));
    let member = |(name, value): (&String, &&RawValue)| {
        let value = match serde_json::from_str(value.get()) {
            Ok(inner) if name == first && !below.is_empty() => Value::Object(without(&inner, below)?),
            _ if name == first => Value::Array(Vec::new()),
            _ if value.get() == "null" => Value::Null,
            _ => from_slice(value.get().as_bytes())?,
        };
        Ok((name.clone(), value))
    };
    members.iter().map(member).collect()
}

impl Envelope {
    /// Writes the body with these items in their place.
    pub(super) fn write<T: Serialize, S: Serializer>(
        &self,
        items: &[T],
        undecodable: &[UndecodableItem],
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        let items = AllItems { items, undecodable };
        match (self, items.items) {
            (Self::Array, _) => items.serialize(serializer),
            (Self::Member { rest, path }, _) => Around {
                object: rest,
                path,
                items: &items,
            }
            .serialize(serializer),
            (Self::NoItems(rest), _) => rest.serialize(serializer),
            (Self::OneItem, [item, ..]) => item.serialize(serializer),
            (Self::OneItem, []) => items.undecodable.first().map(Verbatim).serialize(serializer),
        }
    }
}

/// The typed and the undecodable items, in the order of the page.
struct AllItems<'a, T> {
    items: &'a [T],
    undecodable: &'a [UndecodableItem],
}

impl<T: Serialize> Serialize for AllItems<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let length = self.items.len() + self.undecodable.len();
        let mut seq = serializer.serialize_seq(Some(length))?;
        let (mut items, mut undecodable) = (self.items.iter(), self.undecodable.iter().peekable());
        for position in 0..length {
            match undecodable.next_if(|undecodable| undecodable.position() == position) {
                Some(undecodable) => seq.serialize_element(&Verbatim(undecodable))?,
                None => {
                    if let Some(item) = items.next() {
                        seq.serialize_element(item)?;
                    }
                }
            }
        }
        seq.end()
    }
}

/// An undecodable item, verbatim.
struct Verbatim<'a>(&'a UndecodableItem);

impl Serialize for Verbatim<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match serde_json::from_str::<Value>(self.0.json()) {
            Ok(value) => value.serialize(serializer),
            // Too deep for a value.
            Err(_) => match serde_json::from_str::<&RawValue>(self.0.json()) {
                Ok(json) => json.serialize(serializer),
                Err(error) => Err(serde::ser::Error::custom(error)),
            },
        }
    }
}

/// An object with the items at a path below it.
struct Around<'a, T> {
    object: &'a Map<String, Value>,
    path: &'a str,
    items: &'a AllItems<'a, T>,
}

impl<T: Serialize> Serialize for Around<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (first, below) = self.path.split_once('.').unwrap_or((self.path, ""));
        let mut map = serializer.serialize_map(Some(self.object.len()))?;
        for (name, value) in self.object {
            match value {
                _ if name != first => map.serialize_entry(name, value)?,
                Value::Object(object) if !below.is_empty() => {
                    map.serialize_entry(
                        name,
                        &Around {
                            object,
                            path: below,
                            items: self.items,
                        },
                    )?;
                }
                _ => map.serialize_entry(name, self.items)?,
            }
        }
        map.end()
    }
}

/// The address of the next page, where the body names it (`_links.next`).
pub(super) fn next_link(received: &Received) -> Option<String> {
    let wrapper = PageObject::of(received)?;
    let links: Links = from_slice(wrapper.members.get("_links")?.get().as_bytes()).ok()?;
    links.href("next").map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn open(paths: &'static [&'static str], body: Value) -> (Envelope, usize) {
        let text = Bytes::from(body.to_string());
        let (envelope, items) = PageObject::read(paths, &text).unwrap().open(&text).unwrap();
        let (mut typed, mut undecodable) = (Vec::new(), Vec::new());
        for (position, item) in items.iter().enumerate() {
            match serde_json::from_slice::<Map<String, Value>>(item) {
                Ok(value) => typed.push(value),
                Err(_) => undecodable.push(UndecodableItem::new(position, item.clone())),
            }
        }
        let back = envelope
            .write(&typed, &undecodable, serde_json::value::Serializer)
            .unwrap();
        assert_eq!(back, body, "what was taken apart can be put together again");
        (envelope, items.len())
    }

    #[test]
    fn items_are_found_at_the_first_path_that_has_them() {
        assert_eq!(open(&["roles"], json!({"roles": [1, null, {}], "_links": {}})).1, 3);
        assert_eq!(open(&["roles"], json!({"roles": [1], "_links": null, "x": null})).1, 1);
        assert_eq!(
            open(&["keys", "jwks.keys"], json!({"jwks": {"keys": [1, 2]}, "x": 1})).1,
            2
        );
        assert_eq!(open(&[""], json!({"id": 1})).1, 1);
    }

    #[test]
    fn an_object_without_items_is_an_empty_page() {
        for body in [json!({}), json!({"roles": null}), json!({"roles": {"other": 1}})] {
            assert!(matches!(open(&["roles"], body), (Envelope::NoItems(_), 0)));
        }
    }
}
