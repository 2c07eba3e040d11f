//! Requests for a response as text where JSON is usual.

use std::future::IntoFuture;

use okta_transport::Body;

use super::operation_call::{Call, CallFuture};
use crate::{
    error::Error,
    response::{Response, Text},
};

/// A request for a response as text, though the operation usually responds with JSON: a certificate signing
/// request in PKCS#10 form (RFC 2986), for example.
///
/// The builders of such operations have a method that returns it; call it last.
///
/// ```no_run
/// # async fn doc(okta: okta_client::OktaClient) -> Result<(), okta_client::Error> {
/// let base64_der: String = okta.app_keys().get_csr("0oa1", "h9zkutaSe7fZX0SwN1GqDApofgD1OW8g2B5l2azha50").pkcs10().await?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
#[must_use = "a request is sent when it is awaited"]
pub struct TextRequest(Call<Text>);

impl TextRequest {
    pub(crate) fn new<A>(call: Call<A>, media_type: &'static str) -> Self {
        Self(Call::from_draft(call.accept(media_type).draft))
    }
    /// Sends the request; the response's status, headers, request id and rate limit come with its text.
    ///
    /// # Errors
    /// [`Error`] if the request is invalid, if there is no response, or if it is an error.
    ///
    /// # Cancel safety
    /// Dropping the future abandons the request; whether Okta has carried it out by then is unknown.
    pub async fn send(self) -> Result<Response<String>, Error> {
        self.0.send().await
    }
    /// The request as it would be sent, without sending it.
    ///
    /// # Errors
    /// [`Error`] if an argument is invalid.
    pub fn request(&self) -> Result<http::Request<Body>, Error> {
        self.0.request()
    }
}

impl IntoFuture for TextRequest {
    type Output = Result<String, Error>;
    type IntoFuture = CallFuture<Text>;

    fn into_future(self) -> Self::IntoFuture {
        CallFuture(self.0.send())
    }
}
