//! Links between resources, in the HAL forms Okta uses.

use std::{borrow::Cow, collections::BTreeMap, fmt, sync::OnceLock};

use serde::{
    Deserializer as _, Serialize,
    de::{Error as _, MapAccess, Visitor},
    ser::Error as _,
};
use serde_json::{Value, value::RawValue};

use super::{
    fit::{Fit, FromJson, Key, Read},
    keep_nulls::RAW_TEXT,
    list::OneOrMany,
    object::object,
    place::{Placed, ReadInto},
    repair::without_lone_surrogates,
};

object! {
    /// One link to another resource.
    pub struct Link {
        /// Where it leads.
        href: String = "href",
        /// Its name, if there are several of one relation.
        name: String = "name",
        /// The media type to expect there.
        r#type: String = "type",
        /// The HTTP method to use.
        method: String = "method",
        /// A human-readable title.
        title: String = "title",
        /// Whether `href` is a template with variables.
        templated: bool = "templated",
        /// Which methods are allowed.
        hints: LinkHints = "hints",
    }
}

object! {
    /// What can be done with a link.
    pub struct LinkHints {
        /// The allowed HTTP methods.
        allow: Vec<String> = "allow",
    }
}

/// The links of a resource by relation (`self`, `next`, `activate`, …).
///
/// One type serves all of Okta's `_links`: a relation may hold one link, several, a bare string, or something else
/// altogether; each is written back in the form it came in.
/// Source: <https://developer.okta.com/docs/api/#hypermedia>.
///
/// Most programs never look at the links of a response, and a user has ten of them: a third of what it costs to decode one.
/// So a response's links are stored as text, and decoded when they are used first.
#[derive(Clone, Default)]
pub struct Links {
    /// The text of the links in the response, unless they were changed since.
    text: Option<Box<str>>,
    decoded: OnceLock<Relations>,
}

type Relations = BTreeMap<String, Relation>;

/// The value of one relation.
#[derive(Clone, Debug, PartialEq)]
enum Relation {
    Links(OneOrMany<Link>),
    /// A bare address; the link is made of it, and it is written back bare.
    Text(Link),
    Other(Value),
}

impl Links {
    /// The link of this relation; the first if there are several.
    #[must_use]
    pub fn get(&self, relation: &str) -> Option<&Link> {
        self.all(relation).first()
    }
    /// All links of this relation.
    #[must_use]
    pub fn all(&self, relation: &str) -> &[Link] {
        match self.decoded().get(relation) {
            Some(Relation::Links(links)) => links.as_slice(),
            Some(Relation::Text(link)) => std::slice::from_ref(link),
            Some(Relation::Other(_)) | None => &[],
        }
    }
    /// Where the link of this relation leads.
    #[must_use]
    pub fn href(&self, relation: &str) -> Option<&str> {
        self.get(relation)?.href.as_deref()
    }
    /// The relations there are.
    pub fn relations(&self) -> impl Iterator<Item = &str> {
        self.decoded().keys().map(String::as_str)
    }
    /// Sets the link of a relation.
    pub fn insert(&mut self, relation: impl Into<String>, link: Link) {
        self.decoded();
        let mut decoded = self.decoded.take().unwrap_or_default();
        decoded.insert(relation.into(), Relation::Links(OneOrMany::One(link)));
        *self = Self::from(decoded);
    }

    fn decoded(&self) -> &Relations {
        self.decoded.get_or_init(|| match &self.text {
            Some(text) => decode(text).unwrap_or_default(),
            None => Relations::new(),
        })
    }

    /// The text of links that cannot be decoded: nested without end, or with a number that is out of range.
    fn undecodable_text(&self) -> Option<&str> {
        let text = self.text.as_deref()?;
        let is_empty = |text: &str| {
            text.bytes()
                .all(|byte| matches!(byte, b'{' | b'}') || byte.is_ascii_whitespace())
        };
        (self.decoded().is_empty() && !is_empty(text)).then_some(text)
    }
}

impl From<Relations> for Links {
    fn from(decoded: Relations) -> Self {
        Self {
            text: None,
            decoded: decoded.into(),
        }
    }
}

impl PartialEq for Links {
    fn eq(&self, other: &Self) -> bool {
        self.decoded() == other.decoded() && self.undecodable_text() == other.undecodable_text()
    }
}

/// Decodes the text of an object, whose syntax the reader has checked already.
fn decode(text: &str) -> serde_json::Result<Relations> {
    let decode = |text: &str| serde_json::Deserializer::from_str(text).deserialize_map(RelationsVisitor);
    decode(text).or_else(|error| match without_lone_surrogates(text) {
        Some(repaired) => decode(&repaired),
        None => Err(error),
    })
}

struct RelationsVisitor;

impl<'de> Visitor<'de> for RelationsVisitor {
    type Value = Relations;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object of links")
    }
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Relations, A::Error> {
        let mut relations = Relations::new();
        while let Some(Key(relation)) = map.next_key()? {
            read_relation(&mut relations, relation, &mut map)?;
        }
        Ok(relations)
    }
}

fn read_relation<'de, A: MapAccess<'de>>(
    relations: &mut Relations,
    relation: Cow<'de, str>,
    map: &mut A,
) -> Result<(), A::Error> {
    let found = match map.next_value_seed(Read::<Relation>::new())? {
        Fit::Fits(found) => found,
        Fit::Null => Relation::Other(Value::Null),
        Fit::Other(value) => Relation::Other(value),
    };
    relations.insert(relation.into_owned(), found);
    Ok(())
}

impl Link {
    /// A link to an address.
    pub fn to(href: impl Into<String>) -> Self {
        Self {
            href: Some(href.into()),
            ..Self::default()
        }
    }
}

impl FromJson for Links {
    const KIND: &'static str = "an object";
    const AS_TEXT: bool = true;

    fn from_json_map<'de, A: MapAccess<'de>>(map: A) -> Result<Fit<Self>, A::Error> {
        let mut place = None;
        Ok(match Self::read_json_map(&mut place, map)? {
            Placed::Filled => place.map_or(Fit::Null, Fit::Fits),
            Placed::Null => Fit::Null,
            Placed::Other(value) => Fit::Other(value),
        })
    }

    fn read_json_map<'de, A: MapAccess<'de>>(place: &mut Option<Self>, mut map: A) -> Result<Placed, A::Error> {
        let mut relations = Relations::new();
        while let Some(Key(relation)) = map.next_key()? {
            if relation == RAW_TEXT && relations.is_empty() {
                return read_text(place, map.next_value()?).map_err(A::Error::custom);
            }
            read_relation(&mut relations, relation, &mut map)?;
        }
        *place = Some(relations.into());
        Ok(Placed::Filled)
    }
}

/// Stores the text of an object. The text of anything else is read now, because it is not links.
fn read_text(place: &mut Option<Links>, text: Box<str>) -> serde_json::Result<Placed> {
    if text.starts_with('{') {
        *place = Some(Links {
            text: Some(text),
            decoded: OnceLock::new(),
        });
        return Ok(Placed::Filled);
    }
    serde_json::Deserializer::from_str(&text).deserialize_any(ReadInto(place))
}

impl FromJson for Relation {
    const KIND: &'static str = "a link";

    fn from_json_str(text: Cow<'_, str>) -> Fit<Self> {
        Fit::Fits(Self::Text(Link::to(text)))
    }
    fn from_json_map<'de, A: MapAccess<'de>>(map: A) -> Result<Fit<Self>, A::Error> {
        OneOrMany::from_json_map(map).map(links)
    }
    fn from_json_seq<'de, A: serde::de::SeqAccess<'de>>(seq: A) -> Result<Fit<Self>, A::Error> {
        OneOrMany::from_json_seq(seq).map(links)
    }
}

fn links(fit: Fit<OneOrMany<Link>>) -> Fit<Relation> {
    match fit {
        Fit::Fits(found) => Fit::Fits(Relation::Links(found)),
        Fit::Null => Fit::Null,
        Fit::Other(value) => Fit::Other(value),
    }
}

impl Serialize for Relation {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Links(found) => found.serialize(serializer),
            Self::Text(link) => link.href.serialize(serializer),
            Self::Other(value) => value.serialize(serializer),
        }
    }
}

impl Serialize for Links {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.undecodable_text() {
            // Verbatim.
            Some(text) => match RawValue::from_string(text.to_owned()) {
                Ok(text) => text.serialize(serializer),
                Err(error) => Err(S::Error::custom(error)),
            },
            None => self.decoded().serialize(serializer),
        }
    }
}

impl<'de> serde::Deserialize<'de> for Links {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        super::fit::deserialize_fit(deserializer)
    }
}

impl fmt::Debug for Links {
    /// Shows the relations only: addresses may carry one-time tokens.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.relations()).finish()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::User;

    #[test]
    fn every_form_is_read_and_written_back() {
        let value = json!({
            "self": {"href": "https://test.okta.com/a", "hints": {"allow": ["GET", "PUT"]}, "vendor": {"x": 1}},
            "resend": [{"name": "email", "href": "https://test.okta.com/b"}, {"href": "https://test.okta.com/c"}],
            "bare": "https://test.okta.com/d",
            "empty": [],
            "other": 5,
            "none": null,
            "mixed": [{"href": "https://test.okta.com/e"}, "f"],
        });
        let links: Links = serde_json::from_value(value.clone()).unwrap();
        assert_eq!(serde_json::to_value(&links).unwrap(), value);
        assert_eq!(links.href("self"), Some("https://test.okta.com/a"));
        assert_eq!(
            links.get("self").unwrap().hints.as_ref().unwrap().allow.as_deref(),
            Some(&["GET".to_owned(), "PUT".to_owned()][..])
        );
        assert_eq!(links.all("resend").len(), 2);
        assert_eq!(links.href("bare"), Some("https://test.okta.com/d"));
        assert_eq!(links.href("other"), None);
        assert_eq!(links.href("missing"), None);
    }

    /// An object with links, read as a response.
    fn response(links: &str) -> User {
        crate::json::from_slice(format!(r#"{{"_links":{links},"id":"1"}}"#).as_bytes()).unwrap()
    }

    #[test]
    fn the_links_of_a_response_are_decoded_when_they_are_used() {
        let text = r#"{"self": {"href": "https://test.okta.com/a"}, "none": null}"#;
        let links = response(text).links.unwrap();
        assert_eq!(links.text.as_deref(), Some(text));
        assert!(links.decoded.get().is_none() && links.clone().decoded.get().is_none());
        assert_eq!(links.href("self"), Some("https://test.okta.com/a"));
        assert!(links.decoded.get().is_some());

        let written: Links = serde_json::from_str(text).unwrap();
        assert!(written.decoded.get().is_some(), "what a program writes is read at once");
        assert_eq!(written, links);
        assert_eq!(
            serde_json::to_string(&written).unwrap(),
            serde_json::to_string(&links).unwrap()
        );
    }

    #[test]
    fn links_that_were_not_used_can_be_changed_and_keep_the_others() {
        let mut links = response(r#"{"b":{"href":"https://test.okta.com/b"},"other":5}"#)
            .links
            .unwrap();
        links.insert("a", Link::to("https://test.okta.com/a"));
        let expected =
            json!({"a": {"href": "https://test.okta.com/a"}, "b": {"href": "https://test.okta.com/b"}, "other": 5});
        assert_eq!(serde_json::to_value(&links).unwrap(), expected);
    }

    #[test]
    fn what_is_not_links_is_an_extra_member_or_absent() {
        for other in [r#"5"#, r#""text""#, "[1]", "true", "1.5"] {
            let user = response(other);
            assert_eq!((user.links.as_ref(), user.id.as_deref()), (None, Some("1")), "{other}");
            assert_eq!(user.extra.get("_links").unwrap().to_string(), other);
        }
        let user = response("null");
        assert!(user.links.is_none() && user.extra.get("_links").is_none());
        assert_eq!(response("{ }").links.unwrap(), Links::default());
    }

    #[test]
    fn links_that_cannot_be_decoded_are_written_verbatim() {
        let deep = format!(r#"{{"x":{}{}}}"#, "[".repeat(500), "]".repeat(500));
        for text in [&*deep, r#"{"x":1e999}"#] {
            let links = response(text).links.unwrap();
            assert_eq!(links.relations().count(), 0);
            assert_eq!(serde_json::to_string(&links).unwrap(), text);
            assert_ne!(links, Links::default());
        }
        let cut = response(r#"{"x":{"title":"\ud83d","href":"https://test.okta.com/x"}}"#);
        assert_eq!(cut.links.unwrap().get("x").unwrap().title.as_deref(), Some("\u{fffd}"));
    }

    #[test]
    fn serde_json_gives_text_under_the_name_that_is_asked_for() {
        struct Asked;
        impl<'de> serde::Deserializer<'de> for Asked {
            type Error = serde::de::value::Error;
            fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Self::Error> {
                Err(serde::de::Error::custom("it asks for a newtype"))
            }
            fn deserialize_newtype_struct<V: Visitor<'de>>(self, name: &str, _: V) -> Result<V::Value, Self::Error> {
                Err(serde::de::Error::custom(name))
            }
            serde::forward_to_deserialize_any! {
                bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit
                unit_struct seq tuple tuple_struct map struct enum identifier ignored_any
            }
        }
        let asked = <Box<RawValue> as serde::Deserialize>::deserialize(Asked).unwrap_err();
        assert_eq!(asked.to_string(), RAW_TEXT);
    }

    #[test]
    fn debug_shows_no_addresses() {
        let links: Links =
            serde_json::from_value(json!({"activate": {"href": "https://test.okta.com/canary-4711"}})).unwrap();
        let shown = format!("{links:?}");
        assert!(shown.contains("activate") && !shown.contains("canary"), "{shown}");
    }
}
