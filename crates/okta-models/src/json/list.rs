//! Arrays and maps: all items of the right kind, or the whole value verbatim.

use std::{collections::BTreeMap, fmt};

use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{MapAccess, SeqAccess},
};
use serde_json::Value;

use super::{
    fit::{Fit, FromJson, Key, Read, Written, deserialize_fit, read_array},
    redact::Redacted,
};

/// A JSON object whose member names are data: attribute names, ids, locales.
pub type Map<T> = BTreeMap<String, T>;

/// Turns an item that was read already back into its JSON.
fn to_value<T: FromJson>(item: &T) -> Value {
    // Model types hold JSON only, so writing them as JSON cannot fail.
    serde_json::to_value(Written(item)).unwrap_or_default()
}

impl<T: FromJson> FromJson for Vec<T> {
    const KIND: &'static str = "an array";

    fn from_json_seq<'de, A: SeqAccess<'de>>(mut seq: A) -> Result<Fit<Self>, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = seq.next_element_seed(Read::<T>::new())? {
            let misfit = match item {
                Fit::Fits(item) => {
                    items.push(item);
                    continue;
                }
                Fit::Null => match T::null_item() {
                    Some(item) => {
                        items.push(item);
                        continue;
                    }
                    None => Value::Null,
                },
                Fit::Other(value) => value,
            };
            let mut values: Vec<Value> = items.iter().map(to_value).collect();
            values.push(misfit);
            return Ok(Fit::Other(read_array(seq, values)?));
        }
        Ok(Fit::Fits(items))
    }
    fn write_json<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter().map(Written))
    }
    fn fmt_redacted(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter().map(Redacted)).finish()
    }
}

impl<T: FromJson> FromJson for Map<T> {
    const KIND: &'static str = "an object";

    fn from_json_map<'de, A: MapAccess<'de>>(mut map: A) -> Result<Fit<Self>, A::Error> {
        let mut members = Map::new();
        while let Some(Key(key)) = map.next_key()? {
            let misfit = match map.next_value_seed(Read::<T>::new())? {
                Fit::Fits(value) => {
                    members.insert(key.into_owned(), value);
                    continue;
                }
                Fit::Null => match T::null_item() {
                    Some(value) => {
                        members.insert(key.into_owned(), value);
                        continue;
                    }
                    None => Value::Null,
                },
                Fit::Other(value) => value,
            };
            let mut object: serde_json::Map<String, Value> = members
                .iter()
                .map(|(key, value)| (key.clone(), to_value(value)))
                .collect();
            object.insert(key.into_owned(), misfit);
            while let Some(key) = map.next_key::<String>()? {
                object.insert(key, map.next_value()?);
            }
            return Ok(Fit::Other(Value::Object(object)));
        }
        Ok(Fit::Fits(members))
    }
    fn write_json<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.iter().map(|(key, value)| (key, Written(value))))
    }
    fn fmt_redacted(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map()
            .entries(
                self.iter()
                    .map(|(key, value)| (key, super::redact::by_name(key, value))),
            )
            .finish()
    }
}

/// A value that may be `null` where `null` means something, as in the members of a map that is sent.
impl<T: FromJson> FromJson for Option<T> {
    const KIND: &'static str = T::KIND;

    fn from_json_str(text: std::borrow::Cow<'_, str>) -> Fit<Self> {
        some(T::from_json_str(text))
    }
    fn from_json_bool(value: bool) -> Fit<Self> {
        some(T::from_json_bool(value))
    }
    fn from_json_i64(number: i64) -> Fit<Self> {
        some(T::from_json_i64(number))
    }
    fn from_json_u64(number: u64) -> Fit<Self> {
        some(T::from_json_u64(number))
    }
    fn from_json_f64(number: f64) -> Fit<Self> {
        some(T::from_json_f64(number))
    }
    fn from_json_map<'de, A: MapAccess<'de>>(map: A) -> Result<Fit<Self>, A::Error> {
        T::from_json_map(map).map(some)
    }
    fn from_json_seq<'de, A: SeqAccess<'de>>(seq: A) -> Result<Fit<Self>, A::Error> {
        T::from_json_seq(seq).map(some)
    }
    fn from_json_null() -> Fit<Self> {
        Fit::Fits(None)
    }
    fn write_json<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Some(value) => value.write_json(serializer),
            None => serializer.serialize_none(),
        }
    }
    fn fmt_redacted(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Some(value) => value.fmt_redacted(f),
            None => f.write_str("null"),
        }
    }
}

fn some<T>(fit: Fit<T>) -> Fit<Option<T>> {
    match fit {
        Fit::Fits(value) => Fit::Fits(Some(value)),
        Fit::Null => Fit::Fits(None),
        Fit::Other(value) => Fit::Other(value),
    }
}

/// One value, or an array of them: both forms are read, and written back in the same form.
#[derive(Clone, Debug, PartialEq)]
pub enum OneOrMany<T> {
    /// A single value.
    One(T),
    /// An array of values.
    Many(Vec<T>),
}

impl<T> OneOrMany<T> {
    /// The values, whichever form they came in.
    #[must_use]
    pub fn as_slice(&self) -> &[T] {
        match self {
            Self::One(value) => std::slice::from_ref(value),
            Self::Many(values) => values,
        }
    }
}

impl<T> From<T> for OneOrMany<T> {
    fn from(value: T) -> Self {
        Self::One(value)
    }
}

impl From<&str> for OneOrMany<String> {
    fn from(value: &str) -> Self {
        Self::One(value.to_owned())
    }
}

impl<T: Into<String>, const N: usize> From<[T; N]> for OneOrMany<String> {
    fn from(values: [T; N]) -> Self {
        Self::Many(values.into_iter().map(Into::into).collect())
    }
}

impl<T> From<Vec<T>> for OneOrMany<T> {
    fn from(values: Vec<T>) -> Self {
        Self::Many(values)
    }
}

impl<T: FromJson> Serialize for OneOrMany<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.write_json(serializer)
    }
}

impl<'de, T: FromJson> Deserialize<'de> for OneOrMany<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserialize_fit(deserializer)
    }
}

fn one<T>(fit: Fit<T>) -> Fit<OneOrMany<T>> {
    match fit {
        Fit::Fits(value) => Fit::Fits(OneOrMany::One(value)),
        Fit::Null => Fit::Null,
        Fit::Other(value) => Fit::Other(value),
    }
}

impl<T: FromJson> FromJson for OneOrMany<T> {
    const KIND: &'static str = T::KIND;

    fn from_json_str(text: std::borrow::Cow<'_, str>) -> Fit<Self> {
        one(T::from_json_str(text))
    }
    fn from_json_bool(value: bool) -> Fit<Self> {
        one(T::from_json_bool(value))
    }
    fn from_json_i64(number: i64) -> Fit<Self> {
        one(T::from_json_i64(number))
    }
    fn from_json_u64(number: u64) -> Fit<Self> {
        one(T::from_json_u64(number))
    }
    fn from_json_f64(number: f64) -> Fit<Self> {
        one(T::from_json_f64(number))
    }
    fn from_json_map<'de, A: MapAccess<'de>>(map: A) -> Result<Fit<Self>, A::Error> {
        T::from_json_map(map).map(one)
    }
    fn from_json_seq<'de, A: SeqAccess<'de>>(seq: A) -> Result<Fit<Self>, A::Error> {
        Ok(match Vec::<T>::from_json_seq(seq)? {
            Fit::Fits(values) => Fit::Fits(Self::Many(values)),
            Fit::Null => Fit::Null,
            Fit::Other(value) => Fit::Other(value),
        })
    }
    fn write_json<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::One(value) => value.write_json(serializer),
            Self::Many(values) => values.write_json(serializer),
        }
    }
    fn fmt_redacted(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::One(value) => value.fmt_redacted(f),
            Self::Many(values) => values.fmt_redacted(f),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{from_value, json};

    use super::*;

    #[test]
    fn one_misfit_keeps_the_whole_list_verbatim() {
        let value = json!(["a", null, 5, {"b": 1}]);
        assert_eq!(
            from_value::<Fit<Vec<String>>>(value.clone()).unwrap(),
            Fit::Other(value)
        );
    }

    #[test]
    fn one_misfit_keeps_the_whole_map_verbatim() {
        let value = json!({"a": true, "b": "no", "c": false});
        assert_eq!(from_value::<Fit<Map<bool>>>(value.clone()).unwrap(), Fit::Other(value));
    }

    #[test]
    fn null_is_an_item_where_anything_is() {
        let value = json!({"a": null, "b": [null, 1]});
        let Fit::Fits(map) = from_value::<Fit<Map<Value>>>(value.clone()).unwrap() else {
            panic!("{value}")
        };
        assert_eq!(serde_json::to_value(map).unwrap(), value);
        assert_eq!(
            from_value::<Fit<Vec<Value>>>(json!([null, 1])).unwrap(),
            Fit::Fits(vec![Value::Null, json!(1)])
        );
    }

    #[test]
    fn nulls_are_values_where_the_map_says_so() {
        let Fit::Fits(map) = from_value::<Fit<Map<Option<String>>>>(json!({"a": null, "b": "x"})).unwrap() else {
            panic!("the map does not fit");
        };
        assert_eq!(map["a"], None);
        assert_eq!(map["b"], Some("x".to_owned()));
    }

    #[test]
    fn one_or_many_comes_back_in_its_own_form() {
        for value in [json!("a"), json!(["a", "b"]), json!([])] {
            let Fit::Fits(read) = from_value::<Fit<OneOrMany<String>>>(value.clone()).unwrap() else {
                panic!("{value} does not fit");
            };
            assert_eq!(serde_json::to_value(&read).unwrap(), value);
        }
        assert_eq!(
            from_value::<Fit<OneOrMany<String>>>(json!(["a", 5])).unwrap(),
            Fit::Other(json!(["a", 5]))
        );
    }
}
