//! JSON that stays as it was written: the order of members, members of the same name, digits and escapes.

use std::{borrow::Cow, fmt};

use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{Error, MapAccess, Visitor},
};
use serde_json::value::{RawValue, to_raw_value};

/// The nesting limit, so that no body exhausts the stack.
const DEEPEST: usize = 100;

#[derive(Clone, Debug)]
pub(super) enum Json {
    Object(Vec<(String, Json)>),
    Array(Vec<Json>),
    Scalar(Box<RawValue>),
}

impl Json {
    /// Returns `None` for text that is not JSON, or nested too deeply.
    pub(super) fn parse(text: &[u8]) -> Option<Self> {
        Self::from_raw(serde_json::from_slice(text).ok()?, DEEPEST)
    }

    fn from_raw(raw: &RawValue, depth: usize) -> Option<Self> {
        let text = raw.get();
        let deeper = depth.checked_sub(1);
        Some(match text.as_bytes().first()? {
            b'{' => {
                let Members(members) = serde_json::from_str(text).ok()?;
                let member = |(name, raw): (Cow<'_, str>, _)| Some((name.into_owned(), Self::from_raw(raw, deeper?)?));
                Self::Object(members.into_iter().map(member).collect::<Option<_>>()?)
            }
            b'[' => {
                let items: Vec<&RawValue> = serde_json::from_str(text).ok()?;
                Self::Array(
                    items
                        .into_iter()
                        .map(|raw| Self::from_raw(raw, deeper?))
                        .collect::<Option<_>>()?,
                )
            }
            _ => Self::Scalar(raw.to_owned()),
        })
    }

    pub(super) fn string(text: &str) -> Self {
        Self::written(text)
    }

    pub(super) fn zero() -> Self {
        Self::written(&0)
    }

    /// Texts and numbers can always be written.
    fn written<T: Serialize + ?Sized>(value: &T) -> Self {
        Self::Scalar(to_raw_value(value).unwrap_or_else(|_| RawValue::NULL.to_owned()))
    }

    /// The text of a string, without its quotes and escapes.
    pub(super) fn text(&self) -> Option<String> {
        match self {
            Self::Scalar(raw) if raw.get().starts_with('"') => serde_json::from_str(raw.get()).ok(),
            _ => None,
        }
    }

    pub(super) fn is_number(&self) -> bool {
        matches!(self, Self::Scalar(raw) if raw.get().starts_with(|first: char| first == '-' || first.is_ascii_digit()))
    }

    /// Where the two differ first, as a JSON pointer (RFC 6901). The order of members means nothing.
    pub(super) fn difference(&self, other: &Self) -> Option<String> {
        match (self, other) {
            (Self::Object(left), Self::Object(right)) => {
                let (left, right) = (by_name(left), by_name(right));
                for pair in left.iter().zip(&right) {
                    let ((name, value), (other_name, other_value)) = pair;
                    if name != other_name {
                        return Some(below(name.min(other_name), ""));
                    }
                    if let Some(rest) = value.difference(other_value) {
                        return Some(below(name, &rest));
                    }
                }
                let longer = if left.len() > right.len() { &left } else { &right };
                longer.get(left.len().min(right.len())).map(|(name, _)| below(name, ""))
            }
            (Self::Array(left), Self::Array(right)) => {
                for (index, (value, other)) in left.iter().zip(right).enumerate() {
                    if let Some(rest) = value.difference(other) {
                        return Some(below(&index.to_string(), &rest));
                    }
                }
                (left.len() != right.len()).then(|| below(&left.len().min(right.len()).to_string(), ""))
            }
            (Self::Scalar(left), Self::Scalar(right)) if left.get() == right.get() => None,
            _ => match (self.text(), other.text()) {
                (Some(left), Some(right)) if left == right => None,
                _ => Some(String::new()),
            },
        }
    }
}

fn by_name(members: &[(String, Json)]) -> Vec<&(String, Json)> {
    let mut sorted: Vec<_> = members.iter().collect();
    sorted.sort_by(|(left, _), (right, _)| left.cmp(right));
    sorted
}

/// A JSON pointer to a member or an item, and on from there.
pub(super) fn below(name: &str, rest: &str) -> String {
    format!("/{}{rest}", name.replace('~', "~0").replace('/', "~1"))
}

/// All members, also those of the same name.
struct Members<'de>(Vec<(Cow<'de, str>, &'de RawValue)>);

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct InOrder;
        impl<'de> Visitor<'de> for InOrder {
            type Value = Members<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members = Vec::new();
                while let Some((name, value)) = map.next_entry::<String, _>()? {
                    members.push((name.into(), value));
                }
                Ok(Members(members))
            }
        }
        deserializer.deserialize_map(InOrder)
    }
}

impl<'de> Deserialize<'de> for Json {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = Box::<RawValue>::deserialize(deserializer)?;
        Self::from_raw(&raw, DEEPEST).ok_or_else(|| Error::custom("a JSON body nested too deeply"))
    }
}

impl Serialize for Json {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Object(members) => serializer.collect_map(members.iter().map(|(name, value)| (name, value))),
            Self::Array(items) => serializer.collect_seq(items),
            Self::Scalar(raw) => raw.serialize(serializer),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Json {
        Json::parse(text.as_bytes()).unwrap()
    }

    #[test]
    fn it_is_written_as_it_was_read() {
        for text in [
            r#"{"b":1.0,"a":12345678901234567890123,"b":-1e400,"c":[],"d":{}}"#,
            r#"["\u00e4\/","ä",null,true]"#,
            r#"{"a~/b":{"":[{"x":""}]}}"#,
            "7",
        ] {
            assert_eq!(serde_json::to_string(&parse(text)).unwrap(), text);
        }
    }

    #[test]
    fn text_that_is_not_json_or_nested_too_deeply_is_none() {
        for text in ["", "{", r#"{"a":}"#, "[1,]", "nul", "{} {}"] {
            assert!(Json::parse(text.as_bytes()).is_none(), "{text}");
        }
        let nested = |depth| "[".repeat(depth) + &"]".repeat(depth);
        assert!(Json::parse(nested(DEEPEST).as_bytes()).is_some());
        assert!(Json::parse(nested(DEEPEST + 2).as_bytes()).is_none());
        assert!(Json::parse(nested(100_000).as_bytes()).is_none());
    }

    #[test]
    fn a_difference_is_named_by_its_place() {
        for (left, right, place) in [
            (r#"{"a":1,"b":[1,{"c":2}]}"#, r#" { "b" : [1, {"c":2}], "a":1 }"#, None),
            (r#"{"a":"ä"}"#, r#"{"a":"\u00e4"}"#, None),
            (
                r#"{"a":1,"b":[1,{"c/d":2}]}"#,
                r#"{"a":1,"b":[1,{"c/d":3}]}"#,
                Some("/b/1/c~1d"),
            ),
            (r#"{"a":1}"#, r#"{"a":1,"b":2}"#, Some("/b")),
            (r#"{"b":1}"#, r#"{"a":1,"b":1}"#, Some("/a")),
            ("[1,2]", "[1]", Some("/1")),
            (r#"{"a":1}"#, r#"{"a":"1"}"#, Some("/a")),
            ("{}", "[]", Some("")),
        ] {
            assert_eq!(
                parse(left).difference(&parse(right)).as_deref(),
                place,
                "{left} {right}"
            );
            assert_eq!(
                parse(right).difference(&parse(left)).as_deref(),
                place,
                "{right} {left}"
            );
        }
    }
}
