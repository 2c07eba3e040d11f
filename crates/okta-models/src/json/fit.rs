//! What one JSON value turned out to be, and the visitor that finds out in a single pass.

use std::{borrow::Cow, fmt, marker::PhantomData};

use serde::{
    Deserialize, Serialize, Serializer,
    de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor},
};
use serde_json::{Map, Value};

use super::{
    keep_nulls::{HELD_BACK, KeepNulls},
    place::{Placed, ReadInto},
};

/// What one JSON value turned out to be when a `T` was looked for.
///
/// Decoding never fails on a value of the wrong kind: it is returned verbatim, and the object it belongs to keeps
/// it in its `extra` members.
#[derive(Clone, Debug, PartialEq)]
pub enum Fit<T> {
    /// The value is a `T`.
    Fits(T),
    /// The value is `null`.
    Null,
    /// The value is valid JSON but no `T`; kept verbatim.
    Other(Value),
}

/// A type that can be read from any JSON value in one pass: each kind of JSON either fits or is handed back.
///
/// There is one method a JSON kind, and the default result of each is "does not fit". No method fails because of the
/// value; the only errors are syntax errors of the underlying reader. That is what makes one malformed record harmless, and it
/// is as cheap as a strict visitor because nothing is ever read twice.
pub trait FromJson: Sized + Serialize + fmt::Debug {
    /// What is looked for, for messages: `a string`, `an array`, ….
    const KIND: &'static str;
    /// Whether the value is asked for as text where the reader has text: [`read_json_map`](Self::read_json_map) then gets
    /// it as the only member of a map, see `RAW_TEXT`.
    #[doc(hidden)]
    const AS_TEXT: bool = false;
    /// Reads `null`.
    fn from_json_null() -> Fit<Self> {
        Fit::Null
    }
    /// The value that `null` is as an item of an array or a map, if it is one.
    fn null_item() -> Option<Self> {
        None
    }
    /// Reads a JSON string.
    fn from_json_str(text: Cow<'_, str>) -> Fit<Self> {
        Fit::Other(Value::String(text.into_owned()))
    }
    /// Reads `true` or `false`.
    fn from_json_bool(value: bool) -> Fit<Self> {
        Fit::Other(Value::Bool(value))
    }
    /// Reads a JSON number that is an integer below 2⁶³.
    fn from_json_i64(number: i64) -> Fit<Self> {
        Fit::Other(Value::from(number))
    }
    /// Reads a JSON number that is a non-negative integer.
    fn from_json_u64(number: u64) -> Fit<Self> {
        match i64::try_from(number) {
            Ok(number) => Self::from_json_i64(number),
            Err(_) => Fit::Other(Value::from(number)),
        }
    }
    /// Reads any other JSON number.
    fn from_json_f64(number: f64) -> Fit<Self> {
        Fit::Other(Value::from(number))
    }
    /// Reads a JSON object.
    ///
    /// # Errors
    /// Only those of the reader (syntax, nesting, I/O).
    fn from_json_map<'de, A: MapAccess<'de>>(map: A) -> Result<Fit<Self>, A::Error> {
        Ok(Fit::Other(read_object(map)?))
    }
    /// Reads a JSON object into an empty place: for types that would cost something to move.
    ///
    /// # Errors
    /// Only those of the reader (syntax, nesting, I/O).
    fn read_json_map<'de, A: MapAccess<'de>>(place: &mut Option<Self>, map: A) -> Result<Placed, A::Error> {
        Ok(Placed::of(Self::from_json_map(map)?, place))
    }
    /// Reads a JSON array.
    ///
    /// # Errors
    /// Only those of the reader (syntax, nesting, I/O).
    fn from_json_seq<'de, A: SeqAccess<'de>>(seq: A) -> Result<Fit<Self>, A::Error> {
        Ok(Fit::Other(read_array(seq, Vec::new())?))
    }
    /// Writes the value as a member of an object or an item of a list.
    ///
    /// This is `Serialize`, except that a number without a fraction is written as an integer, as it was read.
    ///
    /// # Errors
    /// Those of the serializer.
    fn write_json<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.serialize(serializer)
    }
    /// Writes the value for `{:?}` without showing secrets.
    ///
    /// # Errors
    /// Those of the formatter.
    fn fmt_redacted(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}

/// A member or an item as it is written, see [`FromJson::write_json`].
pub(crate) struct Written<'a, T>(pub(crate) &'a T);

impl<T: FromJson> Serialize for Written<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.write_json(serializer)
    }
}

pub(crate) fn read_object<'de, A: MapAccess<'de>>(mut map: A) -> Result<Value, A::Error> {
    let mut object = Map::new();
    while let Some(key) = map.next_key::<String>()? {
        object.insert(key, map.next_value()?);
    }
    Ok(Value::Object(object))
}

/// Reads the rest of an array after the items that were read already.
pub(crate) fn read_array<'de, A: SeqAccess<'de>>(mut seq: A, mut items: Vec<Value>) -> Result<Value, A::Error> {
    while let Some(item) = seq.next_element()? {
        items.push(item);
    }
    Ok(Value::Array(items))
}

/// The seed that reads one JSON value as a [`Fit<T>`].
pub struct Read<T>(PhantomData<T>);

impl<T> Read<T> {
    /// A seed for `T`.
    #[must_use]
    pub const fn new() -> Self {
        Self(PhantomData)
    }
}

impl<T> Default for Read<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T> fmt::Debug for Read<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Read")
    }
}

impl<'de, T: FromJson> DeserializeSeed<'de> for Read<T> {
    type Value = Fit<T>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Fit<T>, D::Error> {
        let mut place = None;
        let placed = ReadInto(&mut place).deserialize(deserializer)?;
        Ok(match (placed, place) {
            (Placed::Filled, Some(value)) => Fit::Fits(value),
            (Placed::Other(value), _) => Fit::Other(value),
            (Placed::Filled | Placed::Null, _) => Fit::Null,
        })
    }
}

impl<'de, T: FromJson> Deserialize<'de> for Fit<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Read::<T>::new().deserialize(deserializer)
    }
}

/// The `Deserialize` of every model type: as tolerant as [`FromJson`], and each `null` is kept.
///
/// # Errors
/// Those of the reader, and one if the value is of another kind than `T`.
pub(crate) fn deserialize_fit<'de, T: FromJson, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    match Read::<T>::new().deserialize(KeepNulls(deserializer))? {
        Fit::Fits(value) => Ok(value),
        Fit::Null => Err(D::Error::custom(format_args!(
            "null where {} was expected",
            short_name::<T>()
        ))),
        Fit::Other(value) => Err(D::Error::custom(format_args!(
            "{} where {} was expected",
            kind_of(&value),
            short_name::<T>()
        ))),
    }
}

/// The name of a JSON kind, for messages.
pub(crate) fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}

/// The name of a type without its module paths.
pub(crate) fn short_name<T>() -> String {
    let is_path = |character: char| character.is_alphanumeric() || matches!(character, '_' | ':');
    let mut short = String::new();
    let mut path = String::new();
    for character in std::any::type_name::<T>().chars() {
        if is_path(character) {
            path.push(character);
            continue;
        }
        short.push_str(path.rsplit("::").next().unwrap_or_default());
        path.clear();
        short.push(character);
    }
    short.push_str(path.rsplit("::").next().unwrap_or_default());
    short
}

/// A member's name, borrowed from the input wherever it holds no escapes.
pub(crate) struct Key<'de>(pub(crate) Cow<'de, str>);

impl<'de> Deserialize<'de> for Key<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct KeyVisitor;
        impl<'de> Visitor<'de> for KeyVisitor {
            type Value = Key<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a member name")
            }
            fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Key<'de>, E> {
                Ok(Key(Cow::Borrowed(text)))
            }
            fn visit_str<E: Error>(self, text: &str) -> Result<Key<'de>, E> {
                Ok(Key(Cow::Owned(text.to_owned())))
            }
            fn visit_string<E: Error>(self, text: String) -> Result<Key<'de>, E> {
                Ok(Key(Cow::Owned(text)))
            }
        }
        deserializer.deserialize_str(KeyVisitor)
    }
}

/// A value that is read before its type is known, and read again when it is.
pub(crate) struct Buffered {
    value: Value,
    /// Whether its nulls are kept, see [`keep_nulls`](super::keep_nulls).
    keeps_nulls: bool,
}

impl Buffered {
    /// A value that the program set: its nulls are kept.
    pub(crate) fn set_by_program(value: Value) -> Self {
        Self {
            value,
            keeps_nulls: true,
        }
    }

    pub(crate) fn as_str(&self) -> Option<&str> {
        self.value.as_str()
    }
}

impl<'de> Deserialize<'de> for Buffered {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct HeldBackVisitor;
        impl<'de> Visitor<'de> for HeldBackVisitor {
            type Value = Buffered;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("any JSON value")
            }
            fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<Buffered, D::Error> {
                let value = Value::deserialize(deserializer)?;
                Ok(Buffered {
                    value,
                    keeps_nulls: false,
                })
            }
            /// [`KeepNulls`] returns this one.
            fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Buffered, D::Error> {
                let value = Value::deserialize(deserializer)?;
                Ok(Buffered {
                    value,
                    keeps_nulls: true,
                })
            }
        }
        deserializer.deserialize_newtype_struct(HELD_BACK, HeldBackVisitor)
    }
}

/// One held back value in the place of a map's next value.
pub(crate) struct BufferedMap<E> {
    value: Buffered,
    error: PhantomData<E>,
}

impl<E> BufferedMap<E> {
    pub(crate) fn new(value: Buffered) -> Self {
        Self {
            value,
            error: PhantomData,
        }
    }
}

impl<'de, E: Error> MapAccess<'de> for BufferedMap<E> {
    type Error = E;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, _seed: K) -> Result<Option<K::Value>, E> {
        Ok(None)
    }
    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, E> {
        let value = self.value.value.take();
        let read = if self.value.keeps_nulls {
            seed.deserialize(KeepNulls(value))
        } else {
            seed.deserialize(value)
        };
        read.map_err(E::custom)
    }
}
