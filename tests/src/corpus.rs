//! Recorded exchanges with the API, one JSON object a line.

use std::{fs, io, path::Path};

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
