//! A response, before it is decoded.

use std::fmt;

use bytes::{Bytes, BytesMut};
use http::{Extensions, HeaderMap, Method, StatusCode, response::Parts};
use http_body_util::BodyExt;
use okta_transport::Body;

use super::draft::Draft;
use crate::{
    Error, Response,
    error::{Answered, MissingScopes},
};

/// A response whose headers have come, with the request it answers.
pub(crate) struct Incoming {
    draft: Draft,
    parts: Parts,
    body: Body,
}

impl Incoming {
    pub(crate) fn new(draft: Draft, response: http::Response<Body>) -> Self {
        let (parts, body) = response.into_parts();
        Self { draft, parts, body }
    }

    /// Reads the response to its end. Any status but a success is the error it stands for, however much of the body came.
    pub(crate) async fn read(self) -> Result<Received, Error> {
        let Self { draft, parts, mut body } = self;
        let mut chunks: Vec<Bytes> = Vec::new();
        let mut failure = None;
        while let Some(frame) = body.frame().await {
            match frame.map(http_body::Frame::into_data) {
                Ok(Ok(chunk)) => chunks.push(chunk),
                Ok(Err(_trailers)) => {}
                Err(error) => {
                    failure = Some(error);
                    break;
                }
            }
        }
        let received = Received {
            draft,
            status: parts.status,
            headers: parts.headers,
            extensions: parts.extensions,
            body: join(chunks),
        };
        match failure {
            Some(error) if received.status.is_success() => Err(Error::transport(
                received.draft.operation(),
                error,
                Some(received.answered()),
            )),
            _ => received.success(),
        }
    }
}

/// A response that was read to its end, with the request it answers.
#[derive(Clone)]
pub struct Received {
    pub(crate) draft: Draft,
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    /// What the layers left with the response.
    pub(crate) extensions: Extensions,
    pub(crate) body: Bytes,
}

impl Received {
    /// Turns any status but a success into the error it stands for.
    pub(crate) fn success(self) -> Result<Self, Error> {
        if self.status.is_success() {
            return Ok(self);
        }
        let operation = self.draft.operation();
        let scopes = MissingScopes::of(operation, self.status, &self.headers, self.draft.granted_scopes());
        let received = self.draft.client.clock().system_time();
        Err(Error::api(operation, self.answered(), received).lacking(scopes))
    }

    /// Whether there is no body although there may have been one: after a write, or with a status that says so. An empty
    /// answer to a question is none of that.
    pub(crate) fn is_silent_success(&self) -> bool {
        self.body.trim_ascii().is_empty() && (self.status == StatusCode::NO_CONTENT || !self.draft.method().is_safe())
    }

    /// Says in the log that a value is empty because the response had no body: a created resource has no id then.
    pub(crate) fn report_missing_value(&self) {
        let (operation, status) = (
            self.draft.operation().map_or("raw", |operation| operation.id),
            self.status.as_u16(),
        );
        if self.draft.method() == Method::POST {
            tracing::warn!(
                operation,
                status,
                "the response has no body: the value is empty and has no id"
            );
        } else {
            tracing::info!(operation, status, "the response has no body: the value is empty");
        }
    }

    pub(crate) fn undecodable(self, error: okta_models::DecodeError) -> Error {
        Error::decode(self.draft.operation(), error, self.answered())
    }

    /// The response without the request.
    pub(crate) fn answered(&self) -> Answered {
        Answered {
            status: self.status,
            headers: self.headers.clone(),
            extensions: self.extensions.clone(),
            body: self.body.clone(),
        }
    }

    /// The response with its decoded value.
    pub(crate) fn respond<T>(self, decode: impl FnOnce(Self) -> Result<T, Error>) -> Result<Response<T>, Error> {
        let answered = self.answered();
        Ok(Response {
            value: decode(self)?,
            status: answered.status,
            headers: answered.headers,
            body: answered.body,
            extensions: answered.extensions,
        })
    }
}

/// One chunk is the body as it is; several are put together.
fn join(mut chunks: Vec<Bytes>) -> Bytes {
    if chunks.len() < 2 {
        return chunks.pop().unwrap_or_default();
    }
    let mut body = BytesMut::with_capacity(chunks.iter().map(Bytes::len).sum());
    chunks.iter().for_each(|chunk| body.extend_from_slice(chunk));
    body.freeze()
}

impl fmt::Debug for Received {
    /// Names and lengths only: headers and bodies may be secrets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Received")
            .field("status", &self.status)
            .field("headers", &self.headers.keys().collect::<Vec<_>>())
            .field("body_bytes", &self.body.len())
            .finish_non_exhaustive()
    }
}
