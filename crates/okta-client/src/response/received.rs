//! A response, before it is decoded.

use std::fmt;

use bytes::Bytes;
use http::{Extensions, HeaderMap, Method, StatusCode, response::Parts};
use okta_transport::Body;

use super::{decoded_response::Response, response_kind::ResponseKind};
use crate::{
    error::{Error, ErrorResponse, MissingScopes, RequestFacts},
    request::Draft,
};

/// A response as the stack gives it, with its request. Its body is whole already, unless a layer has made a stream
/// of it.
pub(crate) struct Incoming {
    draft: Draft,
    parts: Parts,
    body: Body,
    is_write: bool,
}

impl Incoming {
    pub(crate) fn new(draft: Draft, response: http::Response<Body>, is_write: bool) -> Self {
        let (parts, body) = response.into_parts();
        Self {
            draft,
            parts,
            body,
            is_write,
        }
    }

    /// Reads the whole response. A status that is not a success becomes an error.
    pub(crate) async fn read(self) -> Result<Received, Error> {
        let (body, failure) = match self.body.collect().await {
            Ok(body) => (body, None),
            Err(error) => (Bytes::new(), Some(error)),
        };
        let received = Received {
            draft: self.draft,
            status: self.parts.status,
            headers: self.parts.headers,
            extensions: self.parts.extensions,
            body,
            is_write: self.is_write,
        };
        match failure {
            Some(error) if received.status.is_success() => {
                let response = received.error_response();
                Err(Error::transport(received.draft.operation(), error, Some(response)).write(received.is_write))
            }
            _ => received.success(),
        }
    }

    /// Returns the response unread if it is a success, and an error otherwise.
    pub(crate) async fn success_or_read(self) -> Result<http::Response<Body>, Error> {
        if self.parts.status.is_success() {
            return Ok(http::Response::from_parts(self.parts, self.body));
        }
        let received = self.read().await?;
        Ok(http::Response::new(received.body.into()))
    }
}

/// A response that was read to its end, with its request.
#[derive(Clone)]
pub struct Received {
    pub(crate) draft: Draft,
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    /// What the layers left with the response.
    pub(crate) extensions: Extensions,
    pub(crate) body: Bytes,
    /// Whether the request may have changed something.
    pub(crate) is_write: bool,
}

impl Received {
    /// Turns a status that is not a success into an error.
    pub(crate) fn success(self) -> Result<Self, Error> {
        if self.status.is_success() {
            return Ok(self);
        }
        let operation = self.draft.operation();
        let scopes = MissingScopes::of(operation, self.status, &self.headers, self.draft.granted_scopes());
        let received = self.draft.client.clock().system_time();
        Err(Error::api(operation, self.error_response(), received)
            .with_missing_scopes(scopes)
            .write(self.is_write))
    }

    /// Returns true if a success has no body although it could have one: after a write, or with the status 204. The empty
    /// response to a read is an error instead.
    pub(crate) fn is_empty_success(&self) -> bool {
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

    #[cold]
    pub(crate) fn undecodable(&self, error: okta_models::DecodeError) -> Error {
        Error::decode(self.draft.operation(), error, self.error_response()).write(self.is_write)
    }

    /// The response without the request.
    pub(crate) fn error_response(&self) -> ErrorResponse {
        ErrorResponse {
            status: self.status,
            headers: self.headers.clone(),
            extensions: self.extensions.clone(),
            body: self.body.clone(),
        }
    }

    /// The response with its decoded value.
    pub(crate) fn respond<A: ResponseKind>(self) -> Result<Response<A::Output>, Error> {
        Ok(Response {
            value: A::read(&self)?,
            request: RequestFacts {
                operation: self.draft.operation(),
                is_write: self.is_write,
            },
            hides_value: A::IS_BODY,
            status: self.status,
            headers: self.headers,
            body: self.body,
            extensions: self.extensions,
        })
    }
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
