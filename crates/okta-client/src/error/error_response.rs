//! The response of a call that failed.

use bytes::Bytes;
use http::{Extensions, HeaderMap, StatusCode, header::CONTENT_TYPE};
use okta_transport::{Operation, body::ResponseBodyError};

/// The response of a failed call, or the part of it that arrived.
#[derive(Clone)]
pub(crate) struct ErrorResponse {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) extensions: Extensions,
    pub(crate) body: Bytes,
}

/// What errors say about a request.
#[derive(Clone, Copy)]
pub(crate) struct RequestFacts {
    /// `None` for a raw call.
    pub(crate) operation: Option<&'static Operation>,
    /// Whether it may have changed something.
    pub(crate) is_write: bool,
}

impl ErrorResponse {
    /// The part of a response that arrived before its body broke off.
    pub(crate) fn of_broken(error: &ResponseBodyError) -> Self {
        Self {
            status: error.status(),
            headers: error.headers().clone(),
            extensions: Extensions::new(),
            body: error.received().clone(),
        }
    }

    /// Returns true if the response declares JSON and does not begin as HTML.
    pub(super) fn is_json(&self) -> bool {
        let content_type = self.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let is_named_json = content_type.is_none_or(|content_type| content_type.contains("json"));
        is_named_json && !self.body.trim_ascii_start().starts_with(b"<")
    }
}

/// Okta's id of the request, from the headers of the response.
pub(crate) fn request_id(headers: &HeaderMap) -> Option<&str> {
    headers.get("x-okta-request-id")?.to_str().ok()
}
