//! The requests of operations, as a trait.

use std::future::IntoFuture;

use bytes::Bytes;
use okta_transport::{Idempotency, Operation};

use crate::{
    client::OktaClient,
    error::Error,
    request::{Draft, Target},
    response::{Received, Response, ResponseKind},
};

/// The request of one operation: implemented by every builder that a group of `OktaClient` returns.
///
/// It names the kind of response, so that a response from elsewhere (a queue, a recording, your own stack) can be decoded
/// with [`OktaClient::decode`](crate::OktaClient::decode).
pub trait OperationRequest: IntoFuture {
    /// The kind of response.
    type Kind: ResponseKind;
    /// The operation.
    fn operation() -> &'static Operation;
}

impl OktaClient {
    /// Decodes a response from elsewhere (a queue, a recording, your own stack) as the response to an
    /// operation: with the same tolerance, the same errors and the same paging as a call.
    ///
    /// # Errors
    /// [`Error`] if the response is an error or cannot be decoded.
    pub fn decode<R: OperationRequest>(
        &self,
        response: http::Response<impl Into<Bytes>>,
    ) -> Result<Response<<R::Kind as ResponseKind>::Output>, Error> {
        let (parts, body) = response.into_parts();
        let draft = Draft::new(self.clone(), Target::operation_call(R::operation()));
        let received = Received {
            draft,
            status: parts.status,
            headers: parts.headers,
            extensions: parts.extensions,
            body: body.into(),
            is_write: R::operation().idempotency != Idempotency::Safe,
        };
        received.success()?.respond::<R::Kind>()
    }
}
