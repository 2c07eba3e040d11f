//! A whole response, before it is decoded.

use bytes::Bytes;
use http::{HeaderMap, StatusCode};

use super::draft::Draft;
use crate::{Error, Response, error::ApiError};

/// A response that was read to its end, with the request it answers.
#[derive(Clone, Debug)]
pub struct Received {
    pub(crate) draft: Draft,
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Received {
    /// Turns any status but a success into the error it stands for.
    pub(crate) fn success(self) -> Result<Self, Error> {
        if self.status.is_success() {
            return Ok(self);
        }
        let error = ApiError::parse(&self.headers, &self.body);
        Err(Error::api(
            self.draft.operation(),
            error,
            self.status,
            self.headers,
            self.body,
        ))
    }

    pub(crate) fn undecodable(self, error: okta_models::DecodeError) -> Error {
        Error::decode(self.draft.operation(), error, self.status, self.headers, self.body)
    }

    /// The response with its decoded value.
    pub(crate) fn respond<T>(self, decode: impl FnOnce(Self) -> Result<T, Error>) -> Result<Response<T>, Error> {
        let (status, headers) = (self.status, self.headers.clone());
        Ok(Response {
            value: decode(self)?,
            status,
            headers,
        })
    }
}
