//! Typed values from JSON that was written on purpose.

use serde::{
    Deserializer,
    de::{DeserializeSeed, Error, IntoDeserializer, MapAccess, SeqAccess, Visitor},
    forward_to_deserialize_any,
};
use serde_json::{Map, Value};

use super::{
    decode::DecodeError,
    fit::{Fit, FromJson, Read, kind_of},
};

/// Makes a `T` of JSON that was written on purpose, a template of a request for example: members that are `null` are kept
/// and sent, where [`from_slice`](super::from_slice) takes them for absent.
///
/// ```
/// use okta_models::{UpdateUserRequest, json};
/// use serde_json::json;
///
/// let template = json!({"profile": {"nickName": null, "badgeId": "B-1"}});
/// let change: UpdateUserRequest = json::from_value_exactly(template.clone())?;
/// assert_eq!(serde_json::to_value(&change)?, template);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// [`DecodeError`] where the value is of another kind than `T` altogether.
pub fn from_value_exactly<T: FromJson>(value: Value) -> Result<T, DecodeError> {
    match Read::<T>::new().deserialize(Exact(value)) {
        Ok(Fit::Fits(value)) => Ok(value),
        Ok(Fit::Null) => Err(DecodeError::kind::<T>("null")),
        Ok(Fit::Other(value)) => Err(DecodeError::kind::<T>(kind_of(&value))),
        Err(_) => Err(DecodeError::kind::<T>("a value that cannot be read")),
    }
}

/// Gives `null` as "none" instead of "unit": the one difference between a `null` that is meant and one that came along.
///
/// A value that is held back in between has to be given again in the same way, so this reader is told from all others: it
/// says that it is not human-readable, which nothing in here depends on.
pub(super) struct Exact(pub(super) Value);

/// Whether a reader is an [`Exact`] one.
pub(super) fn is_exact<'de, D: Deserializer<'de>>(deserializer: &D) -> bool {
    !deserializer.is_human_readable()
}

impl<'de> Deserializer<'de> for Exact {
    type Error = serde_json::Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Self::Error> {
        match self.0 {
            Value::Null => visitor.visit_none(),
            Value::Array(items) => visitor.visit_seq(Items(items.into_iter())),
            Value::Object(members) => visitor.visit_map(Members {
                rest: members.into_iter(),
                value: None,
            }),
            scalar => scalar.deserialize_any(visitor),
        }
    }

    fn is_human_readable(&self) -> bool {
        false
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 u8 u16 u32 u64 f32 f64 char str string bytes byte_buf option unit unit_struct newtype_struct
        seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

struct Items(std::vec::IntoIter<Value>);

impl<'de> SeqAccess<'de> for Items {
    type Error = serde_json::Error;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Self::Error> {
        self.0.next().map(|item| seed.deserialize(Exact(item))).transpose()
    }
}

struct Members {
    rest: <Map<String, Value> as IntoIterator>::IntoIter,
    value: Option<Value>,
}

impl<'de> MapAccess<'de> for Members {
    type Error = serde_json::Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Self::Error> {
        let Some((key, value)) = self.rest.next() else {
            return Ok(None);
        };
        self.value = Some(value);
        seed.deserialize(key.into_deserializer()).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Self::Error> {
        match self.value.take() {
            Some(value) => seed.deserialize(Exact(value)),
            None => Err(Error::custom("a value was asked for before its name")),
        }
    }
}
