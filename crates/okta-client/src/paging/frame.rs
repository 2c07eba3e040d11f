//! What stands around the items of a page: nothing (an array), or an object with the items in one of its members.

use okta_models::{
    DecodeError, Links,
    json::{Fit, FromJson, Item},
};
use serde::{
    Deserialize, Serialize, Serializer,
    ser::{SerializeMap, SerializeSeq},
};
use serde_json::{Map, Value, value::RawValue};

use super::OddItem;
use crate::core::Received;

/// What stands around the items of a page.
#[derive(Clone, Debug)]
pub(super) enum Frame {
    /// The body is the array of items.
    Array,
    /// The body is an object; the items stood at this path.
    Member {
        rest: Map<String, Value>,
        path: &'static str,
    },
    /// The body is an object without items.
    NoItems(Map<String, Value>),
    /// The body is an object, and the one item.
    OneItem,
}

/// The object a list is answered with, if this one is: where its items may stand, and the object itself.
pub(super) fn object_of(received: &Received) -> Option<(&'static [&'static str], Map<String, Value>)> {
    let paths = received
        .draft
        .operation()
        .map_or(&[][..], |operation| operation.items_at);
    if paths.is_empty() || !received.body.trim_ascii_start().starts_with(b"{") {
        return None;
    }
    // What is no JSON is left to the reader of arrays, whose error says why.
    Some((paths, serde_json::from_slice(&received.body).ok()?))
}

impl Frame {
    /// Takes the items out of an object.
    pub(super) fn open<T: FromJson>(
        paths: &'static [&'static str],
        mut object: Map<String, Value>,
    ) -> Result<(Self, Vec<Item<T>>), DecodeError> {
        for path in paths {
            if path.is_empty() {
                return Ok((Self::OneItem, vec![item(Value::Object(object))?]));
            }
            if let Some(Value::Array(found)) = at(&mut object, path) {
                let items = std::mem::take(found).into_iter().map(item).collect::<Result<_, _>>()?;
                return Ok((Self::Member { rest: object, path }, items));
            }
        }
        Ok((Self::NoItems(object), Vec::new()))
    }

    /// Writes the body with these items in their place.
    pub(super) fn write<T: Serialize, S: Serializer>(
        &self,
        items: &[T],
        odd: &[OddItem],
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        let items = AllItems { items, odd };
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
            (Self::OneItem, []) => items.odd.first().map(AsItCame).serialize(serializer),
        }
    }
}

/// The typed items with the odd ones in their places.
struct AllItems<'a, T> {
    items: &'a [T],
    odd: &'a [OddItem],
}

impl<T: Serialize> Serialize for AllItems<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let length = self.items.len() + self.odd.len();
        let mut seq = serializer.serialize_seq(Some(length))?;
        let (mut items, mut odd) = (self.items.iter(), self.odd.iter().peekable());
        for position in 0..length {
            match odd.next_if(|odd| odd.position() == position) {
                Some(odd) => seq.serialize_element(&AsItCame(odd))?,
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

/// An odd item in the place it was found in.
struct AsItCame<'a>(&'a OddItem);

impl Serialize for AsItCame<'_> {
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

fn item<T: FromJson>(value: Value) -> Result<Item<T>, DecodeError> {
    match Fit::<T>::deserialize(value) {
        Ok(Fit::Fits(value)) => Ok(Item::Typed(value)),
        Ok(Fit::Null) => Ok(Item::Odd(Value::Null)),
        Ok(Fit::Other(value)) => Ok(Item::Odd(value)),
        // A value that was read already can only be nested too deeply.
        Err(_) => Err(DecodeError::kind::<T>("a value that is nested too deeply")),
    }
}

/// The value at a path of member names.
fn at<'a>(object: &'a mut Map<String, Value>, path: &str) -> Option<&'a mut Value> {
    let mut names = path.split('.');
    let first = object.get_mut(names.next()?)?;
    names.try_fold(first, |value, name| value.get_mut(name))
}

/// The address of the next page, where the body names it (`_links.next`).
pub(super) fn next_link(received: &Received) -> Option<String> {
    let (_, mut object) = object_of(received)?;
    let links: Links = serde_json::from_value(object.remove("_links")?).ok()?;
    links.href("next").map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn open(paths: &'static [&'static str], body: Value) -> (Frame, usize) {
        let Value::Object(object) = body.clone() else {
            panic!("{body} is no object")
        };
        let (frame, items) = Frame::open::<Value>(paths, object).unwrap();
        let (mut typed, mut odd) = (Vec::new(), Vec::new());
        for (position, item) in items.iter().enumerate() {
            match item {
                Item::Typed(value) => typed.push(value),
                Item::Odd(value) => odd.push(OddItem::new(position, value.to_string().into())),
            }
        }
        let back = frame.write(&typed, &odd, serde_json::value::Serializer).unwrap();
        assert_eq!(back, body, "what was taken apart can be put together again");
        (frame, items.len())
    }

    #[test]
    fn items_are_found_at_the_first_path_that_has_them() {
        assert_eq!(open(&["roles"], json!({"roles": [1, null, {}], "_links": {}})).1, 3);
        assert_eq!(
            open(&["keys", "jwks.keys"], json!({"jwks": {"keys": [1, 2]}, "x": 1})).1,
            2
        );
        assert_eq!(open(&[""], json!({"id": 1})).1, 1);
    }

    #[test]
    fn an_object_without_items_is_an_empty_page() {
        for body in [json!({}), json!({"roles": null}), json!({"roles": {"odd": 1}})] {
            assert!(matches!(open(&["roles"], body), (Frame::NoItems(_), 0)));
        }
    }
}
