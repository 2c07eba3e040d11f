use std::fmt;

use bytes::Bytes;
use http::{Method, Request};
use http_body::Body as _;

use super::error::Subject;
use crate::{
    request::operation::{Operation, OperationRef},
    sanitize::url::{QueryAllowList, SafeUrl},
    service::body::Body,
};

/// A request that a [`DryRunLayer`](crate::guard::DryRunLayer) did not send.
///
/// `Debug` and `Display` show the method, the [redacted address](Self::uri) and the length of the body, never the body
/// or a header.
#[derive(Clone)]
pub struct UnsentRequest {
    pub(super) subject: Subject,
    uri: String,
    body: Option<Bytes>,
    body_length: Option<u64>,
}

impl UnsentRequest {
    pub(super) fn new(request: Request<Body>) -> Self {
        let (head, body) = request.into_parts();
        let uri = SafeUrl {
            uri: &head.uri,
            query: &QueryAllowList::default(),
        };
        Self {
            uri: uri.to_string(),
            subject: Subject {
                operation: OperationRef::of(&head.extensions),
                method: head.method,
            },
            body_length: body.size_hint().exact(),
            body: body.as_bytes().cloned(),
        }
    }

    /// The operation of the request; `None` if it is not known.
    #[must_use]
    pub const fn operation(&self) -> Option<&'static Operation> {
        self.subject.operation
    }

    /// The method of the request.
    #[must_use]
    pub const fn method(&self) -> &Method {
        &self.subject.method
    }

    /// The address. `REDACTED` is in the place of path segments that may be secrets, and of the values of query
    /// parameters that are not numbers, switches or words of a fixed list. Ids are shown, and may be logins.
    #[must_use]
    pub fn uri(&self) -> &str {
        &self.uri
    }

    /// The number of bytes in the body; `None` for a stream of unknown length.
    #[must_use]
    pub const fn body_length(&self) -> Option<u64> {
        self.body_length
    }

    /// The body, unchanged; `None` for a stream. It may hold secrets, such as a password: do not log it.
    #[must_use]
    pub const fn body(&self) -> Option<&Bytes> {
        self.body.as_ref()
    }
}

/// `DELETE https://acme.okta.com/api/v1/users/00u1 (0 bytes)`
impl fmt::Display for UnsentRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.method(), self.uri)?;
        match self.body_length {
            Some(length) => write!(f, " ({length} bytes)"),
            None => f.write_str(" (a stream)"),
        }
    }
}

impl fmt::Debug for UnsentRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UnsentRequest")
            .field("operation", &self.operation().map(|operation| operation.id))
            .field("method", self.method())
            .field("uri", &self.uri)
            .field("body_length", &self.body_length)
            .finish_non_exhaustive()
    }
}
