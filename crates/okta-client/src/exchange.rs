//! Sending a request and receiving its response.

use okta_transport::{Body, CallOptions, Idempotency, ResponseBodyError, causes};

use crate::{
    error::{Error, ErrorResponse},
    request::Draft,
    response::{Incoming, Received},
};

/// Sends the request; returns as soon as the stack has a response, whatever its status.
async fn begin(draft: Draft) -> Result<Incoming, Error> {
    let request = draft.build()?;
    let is_write = CallOptions::idempotency_of(request.extensions(), request.method()) != Idempotency::Safe;
    match draft.client.service().send(request).await {
        Ok(response) => Ok(Incoming::new(draft, response, is_write)),
        Err(error) => {
            let response = causes::find::<ResponseBodyError>(&*error).map(ErrorResponse::of_broken);
            Err(Error::transport(draft.operation(), error, response).write(is_write))
        }
    }
}

/// Sends the request and returns a success with a body that is a stream.
///
/// # Errors
/// [`Error`] if there is no response, or if its status is not a success.
pub(crate) async fn stream(mut draft: Draft) -> Result<http::Response<Body>, Error> {
    draft.stream_body();
    begin(draft).await?.success_or_read().await
}

/// Sends the request and reads the whole response.
///
/// # Errors
/// [`Error`] if the response is missing or incomplete, or if its status is not a success.
pub(crate) async fn send(draft: Draft) -> Result<Received, Error> {
    begin(draft).await?.read().await
}
