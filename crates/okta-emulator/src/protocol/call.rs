//! One call as the handlers see it.

use http::{HeaderMap, Method};
use jiff::Timestamp;
use serde_json::Value;

use crate::protocol::{error::ApiError, json::Object, query::Query};

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
    /// A client with the API token, which belongs to a user.
    TokenOwner,
    /// A client with an access token, by its id.
    Client(String),
    /// A client without credentials: the operation is public.
    Anybody,
}

impl Caller {
    /// What rate limits count the caller as, if they count it apart.
    pub(crate) fn principal(&self) -> Option<&str> {
        match self {
            Self::TokenOwner => Some("token"),
            Self::Client(id) => Some(id),
            Self::Anybody => None,
        }
    }
}

impl Call<'_> {
    /// The same call with another body.
    pub(crate) fn with_body<'b>(&'b self, body: &'b [u8]) -> Call<'b> {
        Call {
            body,
            query: self.query.clone(),
            params: self.params.clone(),
            ..*self
        }
    }

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
        form.extend(&self.query);
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
