//! One call as the handlers see it.

use http::{HeaderMap, Method};
use jiff::Timestamp;
use serde_json::{Map, Value};

use crate::error::ApiError;

/// A JSON object.
pub(crate) type Object = Map<String, Value>;

/// An authenticated call to a known operation.
pub(crate) struct Call<'a> {
    pub(crate) method: &'a Method,
    pub(crate) caller: &'a Caller,
    /// Scheme and authority the caller used, without a trailing slash: links point there.
    pub(crate) origin: &'a str,
    /// The path as sent, still percent-encoded.
    pub(crate) path: &'a str,
    pub(crate) query: Query,
    pub(crate) params: Vec<(&'static str, String)>,
    pub(crate) headers: &'a HeaderMap,
    pub(crate) body: &'a [u8],
    pub(crate) request_id: &'a str,
    pub(crate) now: Timestamp,
}

/// Who calls.
pub(crate) enum Caller {
    /// Whoever has the API token, which belongs to a user.
    TokenOwner,
    /// A client with an access token, by its id.
    Client(String),
    /// Anybody: the operation is open to all.
    Anybody,
}

impl Call<'_> {
    /// A value out of the path; the router guarantees that every parameter of the template is there.
    pub(crate) fn param(&self, name: &str) -> &str {
        self.params
            .iter()
            .find(|(known, _)| *known == name)
            .map_or("", |(_, value)| value)
    }

    /// The body, which has to be a JSON object.
    pub(crate) fn object(&self) -> Result<Object, ApiError> {
        match serde_json::from_slice(self.body) {
            Ok(Value::Object(object)) => Ok(object),
            _ => Err(ApiError::malformed_body()),
        }
    }

    /// The body, which may be left out (or `null`) where there is nothing to say.
    pub(crate) fn optional_object(&self) -> Result<Object, ApiError> {
        match self.body {
            [] | b"null" => Ok(Object::new()),
            _ => self.object(),
        }
    }

    /// The parameters of a form, whether in the body or (as some clients send them) in the query.
    pub(crate) fn form(&self) -> Result<Query, ApiError> {
        let body = std::str::from_utf8(self.body).map_err(|_| ApiError::malformed_body())?;
        let mut form = Query::parse(body);
        form.pairs.extend(self.query.pairs.iter().cloned());
        Ok(form)
    }

    /// A query parameter that is `true` or `false`.
    pub(crate) fn flag(&self, name: &str, default: bool) -> bool {
        self.query
            .get(name)
            .map_or(default, |value| value.eq_ignore_ascii_case("true"))
    }

    /// The absolute form of a path of this org.
    pub(crate) fn href(&self, path: &str) -> String {
        format!("{}{path}", self.origin)
    }
}

/// The decoded query, in the order sent.
#[derive(Clone)]
pub(crate) struct Query {
    pairs: Vec<(String, String)>,
}

impl Query {
    pub(crate) fn parse(query: &str) -> Self {
        Self {
            pairs: url::form_urlencoded::parse(query.as_bytes()).into_owned().collect(),
        }
    }

    /// The first value of a parameter; an empty one counts as absent.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.pairs
            .iter()
            .find(|(known, value)| known == name && !value.is_empty())
            .map(|(_, value)| value.as_str())
    }

    /// The same query with one parameter replaced or added.
    pub(crate) fn with(&self, name: &str, value: &str) -> Self {
        let mut changed = self.clone();
        match changed.pairs.iter_mut().find(|(known, _)| known == name) {
            Some(pair) => pair.1 = value.to_owned(),
            None => changed.pairs.push((name.to_owned(), value.to_owned())),
        }
        changed
    }

    /// The encoded form, `?` included unless there is nothing to say.
    pub(crate) fn encode(&self) -> String {
        if self.pairs.is_empty() {
            return String::new();
        }
        url::form_urlencoded::Serializer::for_suffix(String::from("?"), 1)
            .extend_pairs(&self.pairs)
            .finish()
    }
}

/// A member that is a string.
pub(crate) fn text<'a>(object: &'a Object, name: &str) -> Option<&'a str> {
    object.get(name).and_then(Value::as_str)
}

/// A member that is an object.
pub(crate) fn object<'a>(object: &'a Object, name: &str) -> Option<&'a Object> {
    object.get(name).and_then(Value::as_object)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_keeps_its_order_and_encodes_as_a_form() {
        let query = Query::parse("filter=status+eq+%22ACTIVE%22&limit=2&empty=");
        assert_eq!(query.get("filter"), Some("status eq \"ACTIVE\""));
        assert_eq!(query.get("empty"), None);
        assert_eq!(
            query.with("after", "x,y").with("limit", "3").encode(),
            "?filter=status+eq+%22ACTIVE%22&limit=3&empty=&after=x%2Cy"
        );
        assert_eq!(Query::parse("").encode(), "");
    }
}
