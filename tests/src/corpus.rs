//! Recorded exchanges with the API, one JSON object a line.
//!
//! A line may lack any member, or have it of another kind: what is missing reads as nothing, and the checks count it.

use std::{collections::BTreeMap, fs, io, path::Path};

use bytes::Bytes;
use data_encoding::BASE64;
use http::{HeaderName, HeaderValue, Response, StatusCode};
use serde_json::Value;

/// One recorded exchange.
#[derive(Clone, Debug)]
pub struct Exchange(Value);

/// A body as it was recorded.
#[derive(Clone, Debug, PartialEq)]
pub enum Payload {
    /// JSON.
    Json(Value),
    /// Text or bytes.
    Bytes(Bytes),
    /// A form. Some recorders write the query of a request down a second time in this place.
    Form(Vec<(String, String)>),
}

impl From<Value> for Exchange {
    fn from(exchange: Value) -> Self {
        Self(exchange)
    }
}

impl Exchange {
    /// Reads all exchanges of a file.
    ///
    /// # Errors
    /// Where the file cannot be read, or a line is not valid JSON.
    pub fn read_all(path: &Path) -> io::Result<Vec<Self>> {
        let text = fs::read_to_string(path)?;
        let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
        let read = |(number, line): (usize, &str)| {
            let invalid = |error| io::Error::new(io::ErrorKind::InvalidData, format!("line {}: {error}", number + 1));
            serde_json::from_str(line).map(Self).map_err(invalid)
        };
        lines.map(read).collect()
    }

    fn text(&self, name: &str) -> &str {
        self.0[name].as_str().unwrap_or_default()
    }
    /// The exchange's id.
    #[must_use]
    pub fn id(&self) -> &str {
        self.text("id")
    }
    /// The operation's id.
    #[must_use]
    pub fn operation_id(&self) -> &str {
        self.text("operation_id")
    }
    /// `recorded`, `fixture` or `spec-example`.
    #[must_use]
    pub fn kind(&self) -> &str {
        self.text("kind")
    }
    /// Where it comes from: the file, and its place in there after a `#`.
    #[must_use]
    pub fn source(&self) -> &str {
        self.text("source")
    }
    fn is_noted(&self, beginning: &str) -> bool {
        let notes = self.0["notes"].as_array().into_iter().flatten();
        notes.filter_map(Value::as_str).any(|note| note.starts_with(beginning))
    }

    /// The method of the request.
    #[must_use]
    pub fn method(&self) -> &str {
        self.text("method")
    }
    /// The path of the request.
    #[must_use]
    pub fn url_path(&self) -> &str {
        self.text("url_path")
    }
    /// The path's parameters and their values. A value that is in the path as it is written here, escapes included, is
    /// decoded.
    #[must_use]
    pub fn path_parameters(&self) -> BTreeMap<String, String> {
        let parameters = self.0["path_params"].as_object().into_iter().flatten();
        let segments: Vec<&str> = self.url_path().split('/').collect();
        let value = |value: &Value| match value {
            Value::String(text) if segments.contains(&text.as_str()) => decoded(text),
            Value::String(text) => text.clone(),
            Value::Null => String::new(),
            other => other.to_string(),
        };
        parameters.map(|(name, found)| (name.clone(), value(found))).collect()
    }
    /// The query's parameters and their values, decoded; `+` is a space.
    #[must_use]
    pub fn query(&self) -> Vec<(String, String)> {
        let query = self.text("query");
        let query = query.strip_prefix('?').unwrap_or(query);
        url::form_urlencoded::parse(query.as_bytes()).into_owned().collect()
    }
    /// A header of the request, by its name in lower case.
    #[must_use]
    pub fn request_header(&self, name: &str) -> Option<&str> {
        let value = self.0["request_headers"].get(name)?;
        value.as_str().or_else(|| value[0].as_str())
    }
    /// The headers of the request, names in lower case.
    #[must_use]
    pub fn request_headers(&self) -> BTreeMap<String, String> {
        let headers = self.0["request_headers"].as_object().into_iter().flatten();
        headers
            .filter_map(|(name, _)| Some((name.to_ascii_lowercase(), self.request_header(name)?.to_owned())))
            .collect()
    }
    /// The body of the request.
    #[must_use]
    pub fn request_body(&self) -> Option<Payload> {
        self.body("request_body", "request_body_encoding")
    }
    /// Whether the request was recorded without its body.
    #[must_use]
    pub fn lacks_request_body(&self) -> bool {
        self.is_noted("request body not recorded")
    }

    /// Whether the response was recorded at all: of some examples only the request is known.
    #[must_use]
    pub fn has_response(&self) -> bool {
        !self.is_noted("request example only")
    }
    /// The status of the response.
    #[must_use]
    pub fn status(&self) -> Option<StatusCode> {
        StatusCode::from_u16(u16::try_from(self.0["status"].as_u64()?).ok()?).ok()
    }
    /// The body of the response.
    #[must_use]
    pub fn response_body(&self) -> Option<Payload> {
        self.body("response_body", "response_body_encoding")
    }
    /// The JSON body of the response; `None` where it has none or another sort of body.
    #[must_use]
    pub fn response_json(&self) -> Option<&Value> {
        (self.text("response_body_encoding") == "json").then_some(&self.0["response_body"])
    }
    /// The JSON body of the request; `None` where it has none or another sort of body.
    #[must_use]
    pub fn request_json(&self) -> Option<&Value> {
        (self.text("request_body_encoding") == "json").then_some(&self.0["request_body"])
    }
    /// The exchange with another JSON body of its response.
    #[must_use]
    pub fn with_response_json(self, body: Value) -> Self {
        self.with_json("response_body", body)
    }
    /// The exchange with another JSON body of its request.
    #[must_use]
    pub fn with_request_json(self, body: Value) -> Self {
        self.with_json("request_body", body)
    }
    fn with_json(mut self, name: &str, body: Value) -> Self {
        if let Some(members) = self.0.as_object_mut() {
            members.insert(format!("{name}_encoding"), Value::from("json"));
            members.insert(name.to_owned(), body);
        }
        self
    }
    /// Whether the response came in the other form that some operations have: certificate requests in PKCS#10.
    #[must_use]
    pub fn answers_in_text(&self) -> bool {
        let content_type = self.0["response_headers"]["content-type"][0].as_str();
        content_type.is_some_and(|content_type| content_type.starts_with("application/pkcs10"))
    }
    /// The response, unchanged. A header that HTTP does not allow is left out.
    #[must_use]
    pub fn response(&self) -> Option<Response<Bytes>> {
        let body = match self.response_body() {
            Some(Payload::Json(body)) => Bytes::from(body.to_string()),
            Some(Payload::Bytes(body)) => body,
            Some(Payload::Form(pairs)) => {
                let mut form = url::form_urlencoded::Serializer::new(String::new());
                form.extend_pairs(pairs).finish().into()
            }
            None => Bytes::new(),
        };
        let mut response = Response::new(body);
        *response.status_mut() = self.status()?;
        for (name, values) in self.0["response_headers"].as_object().into_iter().flatten() {
            let one = values.as_str();
            let many = values.as_array().into_iter().flatten().filter_map(Value::as_str);
            for value in one.into_iter().chain(many) {
                if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
                    response.headers_mut().append(name, value);
                }
            }
        }
        Some(response)
    }

    fn body(&self, body: &str, encoding: &str) -> Option<Payload> {
        let encoding = self.text(encoding);
        let body = &self.0[body];
        match (encoding, body) {
            ("json", _) => Some(Payload::Json(body.clone())),
            ("none", _) | (_, Value::Null) => None,
            ("form", Value::Object(members)) => {
                let values = |values: &Value| match values {
                    Value::Array(values) => values.clone(),
                    one => vec![one.clone()],
                };
                let text = |value: Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
                let pairs = members
                    .iter()
                    .flat_map(|(name, found)| values(found).into_iter().map(move |value| (name.clone(), text(value))));
                Some(Payload::Form(pairs.collect()))
            }
            ("base64", Value::String(text)) => {
                let bytes = BASE64
                    .decode(text.as_bytes())
                    .map_or_else(|_| text.clone().into(), Bytes::from);
                Some(Payload::Bytes(bytes))
            }
            (_, Value::String(text)) => Some(Payload::Bytes(text.clone().into())),
            (_, other) => Some(Payload::Json(other.clone())),
        }
    }
}

fn decoded(text: &str) -> String {
    percent_encoding::percent_decode_str(text)
        .decode_utf8_lossy()
        .into_owned()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn whatever_a_line_lacks_reads_as_nothing() {
        for line in [
            json!({}),
            json!([1]),
            json!("x"),
            json!({"status": "ok", "notes": 5, "query": 1}),
        ] {
            let exchange = Exchange::from(line);
            assert_eq!((exchange.id(), exchange.method(), exchange.status()), ("", "", None));
            assert!(exchange.query().is_empty() && exchange.path_parameters().is_empty());
            assert!(exchange.request_body().is_none() && exchange.response().is_none());
            let _ = exchange.with_response_json(json!({}));
        }
    }

    #[test]
    fn bodies_are_read_as_their_encoding_says() {
        let body = |encoding: &str, body: Value| {
            Exchange::from(json!({"request_body": body, "request_body_encoding": encoding})).request_body()
        };
        assert_eq!(body("json", Value::Null), Some(Payload::Json(Value::Null)));
        assert_eq!(body("none", json!("x")), None);
        assert_eq!(
            body("base64", json!("AP8=")),
            Some(Payload::Bytes(Bytes::from_static(&[0, 255])))
        );
        assert_eq!(body("text", json!("AP8=")), Some(Payload::Bytes("AP8=".into())));
        let form = vec![("a".to_owned(), "1".to_owned()), ("a".to_owned(), "2".to_owned())];
        assert_eq!(body("form", json!({"a": ["1", "2"]})), Some(Payload::Form(form)));
    }

    #[test]
    fn path_parameters_that_are_written_as_in_the_path_are_decoded() {
        let exchange = |path: &str, value: &str| {
            Exchange::from(json!({"url_path": path, "path_params": {"id": value}})).path_parameters()["id"].clone()
        };
        assert_eq!(exchange("/users/a%40b", "a%40b"), "a@b");
        assert_eq!(exchange("/users/a%40b", "a@b"), "a@b");
        assert_eq!(exchange("/users/100%2525", "100%25"), "100%25");
        assert_eq!(exchange("/users/a/b", "a/b"), "a/b");
    }

    #[test]
    fn a_header_that_http_does_not_allow_hides_no_response() {
        let exchange =
            Exchange::from(json!({"status": 200, "response_headers": {"a b": ["x"], "c": "y", "d": ["\n"]}}));
        let response = exchange.response().unwrap();
        assert_eq!(response.headers().len(), 1);
    }
}
