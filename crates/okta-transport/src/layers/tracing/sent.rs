//! What spans and events show of a request and of its response.

use http::{HeaderMap, Method, Request, Response, StatusCode, Uri};

use crate::{
    headers::rate_limit::RateLimit,
    request::operation::{Operation, OperationRef},
};

/// A request that is on its way.
#[derive(Debug)]
pub(super) struct Sent {
    pub(super) method: Method,
    pub(super) uri: Uri,
    pub(super) operation: Option<&'static Operation>,
}

impl Sent {
    pub(super) fn new<B>(request: &Request<B>) -> Self {
        Self {
            method: request.method().clone(),
            uri: request.uri().clone(),
            operation: OperationRef::of(request.extensions()),
        }
    }

    pub(super) fn template(&self) -> Option<&'static str> {
        self.operation.map(|operation| operation.path_template)
    }

    pub(super) fn operation_id(&self) -> Option<&'static str> {
        self.operation.map(|operation| operation.id)
    }

    /// The port, also where none is written.
    pub(super) fn port(&self) -> Option<u16> {
        self.uri.port_u16().or_else(|| match self.uri.scheme_str() {
            Some("https") => Some(443),
            Some("http") => Some(80),
            _ => None,
        })
    }
}

/// The head of a response, as far as it is shown.
#[derive(Debug)]
pub(super) struct ResponseHead {
    pub(super) status: StatusCode,
    pub(super) request_id: Option<String>,
    pub(super) rate_limit: Option<RateLimit>,
}

impl ResponseHead {
    pub(super) fn new<B>(response: &Response<B>) -> Self {
        Self {
            status: response.status(),
            request_id: request_id(response.headers()),
            rate_limit: RateLimit::from_headers(response.headers()),
        }
    }

    /// `error.type` of a response that says no, as OpenTelemetry's conventions want it.
    pub(super) fn error_type(&self) -> Option<&str> {
        let refused = self.status.is_client_error() || self.status.is_server_error();
        refused.then(|| self.status.as_str())
    }
}

/// Okta's id of the request, unless it looks like anything else: it comes from outside.
pub(crate) fn request_id(headers: &HeaderMap) -> Option<String> {
    const LONGEST: usize = 100;
    let id = headers.get("x-okta-request-id")?.to_str().ok()?;
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    (id.len() <= LONGEST && id.bytes().all(plain)).then(|| id.to_owned())
}
