//! What a handler answers.

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode, header};
use serde_json::{Value, json};

use crate::protocol::{error::ApiError, query::Query};

/// The response of one handler.
pub(crate) type Outcome = Result<Reply, ApiError>;

/// A response before the headers that every response has.
pub(crate) struct Reply {
    status: StatusCode,
    body: Option<Content>,
    headers: Vec<(HeaderName, HeaderValue)>,
}

enum Content {
    Json(Value),
    Text(&'static str, String),
    Bytes(&'static str, Bytes),
}

impl Reply {
    fn new(status: StatusCode, body: Option<Value>) -> Self {
        Self {
            status,
            body: body.map(Content::Json),
            headers: Vec::new(),
        }
    }

    /// A response that is not JSON.
    pub(crate) fn text(status: StatusCode, content_type: &'static str, text: impl Into<String>) -> Self {
        Self {
            status,
            body: Some(Content::Text(content_type, text.into())),
            headers: Vec::new(),
        }
    }

    /// 200 with bytes, such as a picture.
    pub(crate) fn bytes(content_type: &'static str, bytes: Bytes) -> Self {
        Self {
            status: StatusCode::OK,
            body: Some(Content::Bytes(content_type, bytes)),
            headers: Vec::new(),
        }
    }

    /// Any status, without a body.
    pub(crate) fn empty(status: StatusCode) -> Self {
        Self::new(status, None)
    }

    /// Any status, with a body.
    pub(crate) fn with(status: StatusCode, body: Value) -> Self {
        Self::new(status, Some(body))
    }

    /// The body as one member of an object.
    pub(crate) fn wrapped(mut self, member: &str) -> Self {
        self.body = match self.body {
            Some(Content::Json(body)) => Some(Content::Json(json!({ member: body }))),
            other => other,
        };
        self
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

    /// Whether the call succeeded.
    pub(crate) fn is_success(&self) -> bool {
        self.status.is_success()
    }

    /// With another status. 204 has no body.
    pub(crate) fn status(mut self, status: StatusCode) -> Self {
        self.status = status;
        if status == StatusCode::NO_CONTENT {
            self.body = None;
        }
        self
    }

    /// Changes a JSON body.
    pub(crate) fn map(mut self, change: impl FnOnce(&mut Value)) -> Self {
        if let Some(Content::Json(body)) = &mut self.body {
            change(body);
        }
        self
    }

    /// Adds a header line; a value that no header may have is left out.
    pub(crate) fn header(mut self, name: HeaderName, value: &str) -> Self {
        if let Ok(value) = HeaderValue::from_str(value) {
            self.headers.push((name, value));
        }
        self
    }

    /// Takes a query parameter out of the `next` links.
    pub(crate) fn without_in_next(mut self, parameter: &str) -> Self {
        for (name, value) in &mut self.headers {
            let Ok(link) = value.to_str() else { continue };
            if *name != header::LINK || !link.ends_with("rel=\"next\"") {
                continue;
            }
            let Some((address, rest)) = link.split_once('>') else {
                continue;
            };
            let Some((path, query)) = address.split_once('?') else {
                continue;
            };
            let query = Query::parse(query).without(parameter).encode();
            if let Ok(changed) = HeaderValue::from_str(&format!("{path}{query}>{rest}")) {
                *value = changed;
            }
        }
        self
    }

    /// The response to a refused call.
    pub(crate) fn refusal(error: ApiError, error_id: &str) -> Self {
        let reply = Self::new(error.status, error.body(error_id));
        let headers = error.headers.into_iter();
        headers.fold(reply, |reply, (name, value)| reply.header(name, &value))
    }

    /// The response, with the headers that every response has.
    pub(crate) fn into_response(self, common: HeaderMap) -> Response<Bytes> {
        let mut response = Response::new(Bytes::new());
        *response.status_mut() = self.status;
        *response.headers_mut() = common;
        if let Some(body) = self.body {
            let (content_type, body) = match body {
                Content::Json(body) => ("application/json", Bytes::from(body.to_string())),
                Content::Text(content_type, body) => (content_type, Bytes::from(body)),
                Content::Bytes(content_type, body) => (content_type, body),
            };
            response
                .headers_mut()
                .insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
            *response.body_mut() = body;
        }
        for (name, value) in self.headers {
            response.headers_mut().append(name, value);
        }
        response
    }
}
