//! Recorded exchanges, as they stand in the files.

use std::{collections::BTreeMap, fs, io, path::Path};

use serde::Deserialize;
use serde_json::Value;

use crate::compare;

/// One request and the response of a real org.
#[derive(Debug, Deserialize)]
pub struct Exchange {
    /// The exchange's own id in the file.
    pub id: String,
    /// Where it was recorded: repository, file and version.
    #[serde(default)]
    pub source: String,
    /// `recorded` if it is real traffic.
    pub kind: String,
    /// The HTTP method, in upper case.
    pub method: String,
    /// The path as sent.
    pub url_path: String,
    /// The query as sent, without the question mark.
    #[serde(default)]
    pub query: String,
    /// The headers as sent.
    #[serde(default)]
    pub request_headers: Option<BTreeMap<String, Value>>,
    /// The request's body.
    #[serde(default)]
    pub request_body: Value,
    /// How the request's body is written: `json`, `text`, `base64`, `form` or `none`.
    #[serde(default)]
    pub request_body_encoding: String,
    /// The status of the response; absent where only the request is known.
    pub status: Option<u16>,
    /// The response's body.
    #[serde(default)]
    pub response_body: Value,
    /// How the response's body is written.
    #[serde(default)]
    pub response_body_encoding: String,
    /// Okta's id of the operation; absent where the document has none.
    pub operation_id: Option<String>,
    /// The parameters of the path.
    #[serde(default)]
    pub path_params: BTreeMap<String, String>,
    /// What is to be known about the recording.
    #[serde(default)]
    pub notes: Vec<String>,
}

impl Exchange {
    /// Whether it can be judged: real traffic of a known operation, with its request and response.
    pub fn is_judged(&self) -> bool {
        let whole = !self.notes.iter().any(|note| note == "request body not recorded");
        // What a gateway said, or a rate limit, says nothing about the operation.
        let of_the_operation = self
            .status
            .is_some_and(|status| status < 500 && status != 429 && status != 401);
        let by_okta = self.status.is_some_and(|status| status < 400) || compare::code(&self.response_body).is_some();
        self.kind == "recorded" && self.operation_id.is_some() && whole && of_the_operation && by_okta
    }

    /// What the request accepts, if it says so.
    pub fn accept(&self) -> Option<&str> {
        let accept = self.request_headers.as_ref()?.get("accept")?;
        accept.as_str().or_else(|| accept.get(0)?.as_str())
    }

    /// Whether the request was refused because something existed already.
    pub fn is_repeated(&self) -> bool {
        let refusal = self.response_body.to_string();
        let refused = self.status.is_some_and(|status| (400..500).contains(&status));
        refused
            && ["already", "There is already", "Duplicate"]
                .iter()
                .any(|word| refusal.contains(word))
    }
}

/// Reads a file of exchanges, one a line.
///
/// # Errors
/// When the file cannot be read or a line is not an exchange; the message names the line.
pub fn read(path: &Path) -> io::Result<Vec<Exchange>> {
    let text = fs::read_to_string(path)?;
    text.lines()
        .enumerate()
        .filter(|(_, line)| !line.trim().is_empty())
        .map(|(index, line)| {
            serde_json::from_str(line).map_err(|problem| io::Error::other(format!("line {}: {problem}", index + 1)))
        })
        .collect()
}
