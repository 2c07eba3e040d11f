//! What a handler answers.

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode, header};
use http_body_util::Full;
use serde_json::{Value, json};

use crate::error::ApiError;

/// The answer of one handler.
pub(crate) type Outcome = Result<Reply, ApiError>;

/// An answer before the headers that every answer has.
pub(crate) struct Reply {
    status: StatusCode,
    body: Option<Value>,
    headers: Vec<(HeaderName, HeaderValue)>,
}

impl Reply {
    fn new(status: StatusCode, body: Option<Value>) -> Self {
        Self {
            status,
            body,
            headers: Vec::new(),
        }
    }

    /// 200 with a body.
    pub(crate) fn ok(body: Value) -> Self {
        Self::new(StatusCode::OK, Some(body))
    }

    /// 200 with `{}`: how Okta says that an action is done.
    pub(crate) fn done() -> Self {
        Self::ok(json!({}))
    }

    /// 200 without a body.
    pub(crate) fn ok_empty() -> Self {
        Self::new(StatusCode::OK, None)
    }

    /// 201 with a body.
    pub(crate) fn created(body: Value) -> Self {
        Self::new(StatusCode::CREATED, Some(body))
    }

    /// 202 without a body.
    pub(crate) fn accepted() -> Self {
        Self::new(StatusCode::ACCEPTED, None)
    }

    /// 204.
    pub(crate) fn no_content() -> Self {
        Self::new(StatusCode::NO_CONTENT, None)
    }

    /// Adds a header line; a value that no header may have is left out.
    pub(crate) fn header(mut self, name: HeaderName, value: &str) -> Self {
        if let Ok(value) = HeaderValue::from_str(value) {
            self.headers.push((name, value));
        }
        self
    }

    /// The answer to a refused call.
    pub(crate) fn refusal(error: ApiError, error_id: &str) -> Self {
        let reply = Self::new(error.status, Some(error.body(error_id)));
        match error.challenge {
            Some(challenge) => reply.header(header::WWW_AUTHENTICATE, challenge),
            None => reply,
        }
    }

    /// The response, with the headers that every answer has.
    pub(crate) fn into_response(self, common: HeaderMap) -> Response<Full<Bytes>> {
        let body = self.body.map(|body| body.to_string());
        let mut response = Response::new(Full::default());
        *response.status_mut() = self.status;
        *response.headers_mut() = common;
        if let Some(body) = body {
            response
                .headers_mut()
                .insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
            *response.body_mut() = Full::from(body);
        }
        for (name, value) in self.headers {
            response.headers_mut().append(name, value);
        }
        response
    }
}
