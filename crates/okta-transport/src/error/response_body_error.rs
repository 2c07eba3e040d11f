use std::{error::Error, fmt};

use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use tower::BoxError;

/// A response arrived, but its body could not be read to its end.
///
/// [`BufferBodyLayer`](crate::body::BufferBodyLayer) fails with it. The [`source`](Error::source) says why: the connection
/// broke, or no byte came within the body idle timeout. It has none if the body is too large.
pub struct ResponseBodyError(Box<Inner>);

struct Inner {
    status: StatusCode,
    headers: HeaderMap,
    received: Bytes,
    cause: Cause,
}

/// Why a body could not be read.
pub(crate) enum Cause {
    /// It broke off, or stalled.
    Broken(BoxError),
    /// It has more than this number of bytes.
    TooLarge(u64),
}

impl ResponseBodyError {
    pub(crate) fn new(status: StatusCode, headers: HeaderMap, received: Bytes, cause: Cause) -> Self {
        Self(Box::new(Inner {
            status,
            headers,
            received,
            cause,
        }))
    }

    /// The status of the response.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.0.status
    }

    /// The headers of the response.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.0.headers
    }

    /// What came of the body; nothing if it is too large.
    #[must_use]
    pub fn received(&self) -> &Bytes {
        &self.0.received
    }

    /// The limit, in bytes, that the body exceeds; `None` if it broke off.
    #[must_use]
    pub fn exceeds(&self) -> Option<u64> {
        match self.0.cause {
            Cause::TooLarge(limit) => Some(limit),
            Cause::Broken(_) => None,
        }
    }
}

impl fmt::Display for ResponseBodyError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inner {
            status,
            received,
            cause,
            ..
        } = &*self.0;
        match cause {
            Cause::Broken(_) => write!(
                formatter,
                "the body of the response ({status}) is incomplete: it broke off after {} bytes",
                received.len()
            ),
            Cause::TooLarge(limit) => write!(
                formatter,
                "the body of the response ({status}) has more than {limit} bytes; set `max_body_size` to read larger ones"
            ),
        }
    }
}

/// Shows lengths and names only: headers and bodies may be secrets.
impl fmt::Debug for ResponseBodyError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut fields = formatter.debug_struct("ResponseBodyError");
        fields
            .field("status", &self.0.status)
            .field("headers", &self.0.headers.keys().collect::<Vec<_>>())
            .field("received_bytes", &self.0.received.len());
        match &self.0.cause {
            Cause::Broken(error) => fields.field("broken", error),
            Cause::TooLarge(limit) => fields.field("exceeds", limit),
        };
        fields.finish()
    }
}

impl Error for ResponseBodyError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match &self.0.cause {
            Cause::Broken(error) => Some(&**error),
            Cause::TooLarge(_) => None,
        }
    }
}
