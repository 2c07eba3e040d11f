//! Recorded exchanges with the API, one JSON object a line.

use std::{collections::BTreeMap, fs, io, path::Path};

use bytes::Bytes;
use serde_json::Value;

/// One recorded exchange.
#[derive(Clone, Debug)]
pub struct Exchange(Value);

impl Exchange {
    /// Reads all exchanges of a file.
    ///
    /// # Errors
    /// Where the file cannot be read, or a line is no JSON.
    pub fn read_all(path: &Path) -> io::Result<Vec<Self>> {
        let text = fs::read_to_string(path)?;
        let lines = text.lines().filter(|line| !line.trim().is_empty());
        lines.map(|line| Ok(Self(serde_json::from_str(line)?))).collect()
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
    /// Whether the response was recorded at all: of some examples only the request is known.
    #[must_use]
    pub fn has_response(&self) -> bool {
        let mut notes = self.0["notes"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_str);
        self.status().is_some() && !notes.any(|note| note.starts_with("request example only"))
    }
    /// The status of the response.
    #[must_use]
    pub fn status(&self) -> Option<http::StatusCode> {
        http::StatusCode::from_u16(u16::try_from(self.0["status"].as_u64()?).ok()?).ok()
    }
    /// The JSON body of the response; `None` where it has none or another sort of body.
    #[must_use]
    pub fn response_json(&self) -> Option<&Value> {
        (self.text("response_body_encoding") == "json").then_some(&self.0["response_body"])
    }
    /// The body of the response where it is text.
    #[must_use]
    pub fn response_text(&self) -> Option<&str> {
        (self.text("response_body_encoding") == "text").then(|| self.text("response_body"))
    }
    /// Whether the answer is JSON or has no other form: certificate requests are answered in PKCS#10 to whom asks for it.
    #[must_use]
    pub fn answers_as_asked(&self) -> bool {
        let content_type = self.0["response_headers"]["content-type"][0].as_str();
        content_type.is_none_or(|content_type| !content_type.starts_with("application/pkcs10"))
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
    /// Whether the path holds the names of its parameters instead of values.
    #[must_use]
    pub fn has_template_path(&self) -> bool {
        self.url_path().contains('{')
    }
    /// The path's parameters and their values.
    #[must_use]
    pub fn path_parameters(&self) -> BTreeMap<String, String> {
        let parameters = self.0["path_params"].as_object().into_iter().flatten();
        parameters
            .map(|(name, value)| (name.clone(), value.as_str().unwrap_or_default().to_owned()))
            .collect()
    }
    /// The query's parameters and their values.
    #[must_use]
    pub fn query(&self) -> Vec<(String, String)> {
        url::form_urlencoded::parse(self.text("query").as_bytes())
            .into_owned()
            .collect()
    }
    /// A header of the request.
    #[must_use]
    pub fn request_header(&self, name: &str) -> Option<&str> {
        self.0["request_headers"].get(name)?.as_str()
    }
    /// The JSON body of the request.
    #[must_use]
    pub fn request_json(&self) -> Option<&Value> {
        (self.text("request_body_encoding") == "json").then_some(&self.0["request_body"])
    }
    /// Whether the request has a body of any sort.
    #[must_use]
    pub fn has_request_body(&self) -> bool {
        !matches!(self.text("request_body_encoding"), "" | "none")
    }
    /// Whether the request was recorded with its body.
    #[must_use]
    pub fn request_is_recorded(&self) -> bool {
        let mut notes = self.0["notes"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_str);
        !notes.any(|note| note.starts_with("request body not recorded"))
    }
    /// The response as it came.
    #[must_use]
    pub fn response(&self) -> Option<http::Response<Bytes>> {
        let mut response = http::Response::builder().status(self.status()?);
        for (name, values) in self.0["response_headers"].as_object()? {
            for value in values.as_array().into_iter().flatten().filter_map(Value::as_str) {
                response = response.header(name, value);
            }
        }
        let body = match self.text("response_body_encoding") {
            "json" => Bytes::from(self.0["response_body"].to_string()),
            "none" => Bytes::new(),
            _ => Bytes::copy_from_slice(self.text("response_body").as_bytes()),
        };
        response.body(body).ok()
    }
}
