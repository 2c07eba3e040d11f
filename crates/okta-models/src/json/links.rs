//! Links between resources, in the HAL forms Okta uses.

use std::{borrow::Cow, collections::BTreeMap, fmt};

use serde::{Serialize, de::MapAccess};
use serde_json::Value;

use super::{
    fit::{Fit, FromJson, Key, Read},
    list::OneOrMany,
    object::object,
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
#[derive(Clone, Default, PartialEq)]
pub struct Links(BTreeMap<String, Relation>);

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
        match self.0.get(relation) {
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
        self.0.keys().map(String::as_str)
    }
    /// Sets the link of a relation.
    pub fn insert(&mut self, relation: impl Into<String>, link: Link) {
        self.0.insert(relation.into(), Relation::Links(OneOrMany::One(link)));
    }
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

    fn from_json_map<'de, A: MapAccess<'de>>(mut map: A) -> Result<Fit<Self>, A::Error> {
        let mut links = BTreeMap::new();
        while let Some(Key(relation)) = map.next_key()? {
            let found = match map.next_value_seed(Read::<Relation>::new())? {
                Fit::Fits(found) => found,
                Fit::Null => Relation::Other(Value::Null),
                Fit::Other(value) => Relation::Other(value),
            };
            links.insert(relation.into_owned(), found);
        }
        Ok(Fit::Fits(Self(links)))
    }
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
        self.0.serialize(serializer)
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

    #[test]
    fn debug_shows_no_addresses() {
        let links: Links =
            serde_json::from_value(json!({"activate": {"href": "https://test.okta.com/canary-4711"}})).unwrap();
        let shown = format!("{links:?}");
        assert!(shown.contains("activate") && !shown.contains("canary"), "{shown}");
    }
}
