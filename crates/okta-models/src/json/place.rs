//! Reading in place: a struct is made where it stays, instead of being handed up through every frame of the decoder.
//!
//! A user has some fifty members. Handing it up moves it a dozen times, which cost as much as looking for the ends of its
//! strings.

use std::{borrow::Cow, fmt};

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

use super::{
    fit::{Fit, FromJson},
    keep_nulls::RAW_TEXT,
};

/// What became of a value that was to be read into a place.
#[derive(Clone, Debug, PartialEq)]
pub enum Placed {
    /// The place holds the value.
    Filled,
    /// It was `null`; the place is empty.
    Null,
    /// It is valid JSON of another kind; the place is empty.
    Other(Value),
}

impl Placed {
    /// Puts a value that fits into its place.
    #[inline]
    pub(crate) fn of<T>(fit: Fit<T>, place: &mut Option<T>) -> Self {
        match fit {
            Fit::Fits(value) => {
                *place = Some(value);
                Self::Filled
            }
            Fit::Null => Self::Null,
            Fit::Other(value) => Self::Other(value),
        }
    }
}

/// The seed that reads one JSON value into an empty place. Its content after an error has no meaning.
pub(crate) struct ReadInto<'a, T>(pub(crate) &'a mut Option<T>);

impl<'de, T: FromJson> DeserializeSeed<'de> for ReadInto<'_, T> {
    type Value = Placed;

    #[inline]
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Placed, D::Error> {
        if T::AS_TEXT {
            deserializer.deserialize_newtype_struct(RAW_TEXT, self)
        } else {
            deserializer.deserialize_any(self)
        }
    }
}

impl<'de, T: FromJson> Visitor<'de> for ReadInto<'_, T> {
    type Value = Placed;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any JSON value")
    }
    #[inline]
    fn visit_str<E: Error>(self, text: &str) -> Result<Placed, E> {
        Ok(Placed::of(T::from_json_str(Cow::Borrowed(text)), self.0))
    }
    fn visit_string<E: Error>(self, text: String) -> Result<Placed, E> {
        Ok(Placed::of(T::from_json_str(Cow::Owned(text)), self.0))
    }
    fn visit_bool<E: Error>(self, value: bool) -> Result<Placed, E> {
        Ok(Placed::of(T::from_json_bool(value), self.0))
    }
    fn visit_i64<E: Error>(self, number: i64) -> Result<Placed, E> {
        Ok(Placed::of(T::from_json_i64(number), self.0))
    }
    fn visit_u64<E: Error>(self, number: u64) -> Result<Placed, E> {
        Ok(Placed::of(T::from_json_u64(number), self.0))
    }
    fn visit_f64<E: Error>(self, number: f64) -> Result<Placed, E> {
        Ok(Placed::of(T::from_json_f64(number), self.0))
    }
    fn visit_unit<E: Error>(self) -> Result<Placed, E> {
        Ok(Placed::of(T::from_json_null(), self.0))
    }
    /// A `null` that a program wrote, see [`keep_nulls`](super::keep_nulls): it is kept.
    fn visit_none<E: Error>(self) -> Result<Placed, E> {
        Ok(match Placed::of(T::from_json_null(), self.0) {
            Placed::Null => Placed::Other(Value::Null),
            placed => placed,
        })
    }
    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Placed, D::Error> {
        deserializer.deserialize_any(self)
    }
    /// The reader has no text of the value.
    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<Placed, D::Error> {
        deserializer.deserialize_any(self)
    }
    #[inline]
    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Placed, A::Error> {
        T::read_json_map(self.0, map)
    }
    fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<Placed, A::Error> {
        Ok(Placed::of(T::from_json_seq(seq)?, self.0))
    }
}
