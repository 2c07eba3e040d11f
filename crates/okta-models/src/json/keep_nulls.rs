//! JSON that a program writes: each `null` is kept and sent.
//!
//! A response says `null` for "no value", so its nulls are read as absent members. A program that writes
//! `{"nickName": null}` clears the attribute in Okta. `Deserialize` of every model type therefore reads through
//! [`KeepNulls`]; [`from_slice`](super::from_slice) and [`Items`](super::Items), which read responses, do not.

use std::fmt;

use serde::{
    Deserializer,
    de::{DeserializeSeed, Error, MapAccess, SeqAccess, Visitor},
    forward_to_deserialize_any,
};

/// The newtype name by which serde_json is asked for the text of a value instead of its parts, and the key of the map in
/// which it gives it: that of its `RawValue`. Any other reader, and a serde_json that had another name for it, reads the
/// value as usual.
pub(super) const RAW_TEXT: &str = "$serde_json::private::RawValue";

/// The newtype name that [`Buffered`](super::fit::Buffered) asks for, to learn whether nulls are kept where it reads.
pub(super) const HELD_BACK: &str = "okta_models::Buffered";

/// Passes everything through, but reports `null` as "none" instead of "unit", at every depth.
///
/// It wraps a deserializer, and what a deserializer gives away: seeds, sequences and maps.
pub(super) struct KeepNulls<T>(pub(super) T);

impl<'de, D: Deserializer<'de>> Deserializer<'de> for KeepNulls<D> {
    type Error = D::Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        self.0.deserialize_any(KeepNulls(visitor))
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, name: &'static str, visitor: V) -> Result<V::Value, D::Error> {
        match name {
            HELD_BACK => visitor.visit_some(self),
            // The text of a value would not say that its nulls are kept.
            RAW_TEXT => self.deserialize_any(visitor),
            _ => self.0.deserialize_newtype_struct(name, KeepNulls(visitor)),
        }
    }

    fn is_human_readable(&self) -> bool {
        self.0.is_human_readable()
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

impl<'de, S: DeserializeSeed<'de>> DeserializeSeed<'de> for KeepNulls<S> {
    type Value = S::Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<S::Value, D::Error> {
        self.0.deserialize(KeepNulls(deserializer))
    }
}

impl<'de, A: SeqAccess<'de>> SeqAccess<'de> for KeepNulls<A> {
    type Error = A::Error;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, A::Error> {
        self.0.next_element_seed(KeepNulls(seed))
    }
    fn size_hint(&self) -> Option<usize> {
        self.0.size_hint()
    }
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for KeepNulls<A> {
    type Error = A::Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, A::Error> {
        self.0.next_key_seed(seed)
    }
    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, A::Error> {
        self.0.next_value_seed(KeepNulls(seed))
    }
    fn size_hint(&self) -> Option<usize> {
        self.0.size_hint()
    }
}

impl<'de, V: Visitor<'de>> Visitor<'de> for KeepNulls<V> {
    type Value = V::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.expecting(f)
    }
    fn visit_unit<E: Error>(self) -> Result<V::Value, E> {
        self.0.visit_none()
    }
    fn visit_none<E: Error>(self) -> Result<V::Value, E> {
        self.0.visit_none()
    }
    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<V::Value, D::Error> {
        self.0.visit_some(KeepNulls(deserializer))
    }
    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<V::Value, D::Error> {
        self.0.visit_newtype_struct(KeepNulls(deserializer))
    }
    fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<V::Value, A::Error> {
        self.0.visit_seq(KeepNulls(seq))
    }
    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<V::Value, A::Error> {
        self.0.visit_map(KeepNulls(map))
    }
    fn visit_bool<E: Error>(self, value: bool) -> Result<V::Value, E> {
        self.0.visit_bool(value)
    }
    fn visit_i64<E: Error>(self, number: i64) -> Result<V::Value, E> {
        self.0.visit_i64(number)
    }
    fn visit_u64<E: Error>(self, number: u64) -> Result<V::Value, E> {
        self.0.visit_u64(number)
    }
    fn visit_i128<E: Error>(self, number: i128) -> Result<V::Value, E> {
        self.0.visit_i128(number)
    }
    fn visit_u128<E: Error>(self, number: u128) -> Result<V::Value, E> {
        self.0.visit_u128(number)
    }
    fn visit_f64<E: Error>(self, number: f64) -> Result<V::Value, E> {
        self.0.visit_f64(number)
    }
    fn visit_str<E: Error>(self, text: &str) -> Result<V::Value, E> {
        self.0.visit_str(text)
    }
    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<V::Value, E> {
        self.0.visit_borrowed_str(text)
    }
    fn visit_string<E: Error>(self, text: String) -> Result<V::Value, E> {
        self.0.visit_string(text)
    }
    fn visit_bytes<E: Error>(self, bytes: &[u8]) -> Result<V::Value, E> {
        self.0.visit_bytes(bytes)
    }
    fn visit_borrowed_bytes<E: Error>(self, bytes: &'de [u8]) -> Result<V::Value, E> {
        self.0.visit_borrowed_bytes(bytes)
    }
    fn visit_byte_buf<E: Error>(self, bytes: Vec<u8>) -> Result<V::Value, E> {
        self.0.visit_byte_buf(bytes)
    }
}
