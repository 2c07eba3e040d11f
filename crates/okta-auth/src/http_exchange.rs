use std::{error::Error, fmt};

use bytes::Bytes;
use http::{Request, Response};

use crate::future::BoxFuture;

/// Sends one request and reads its whole response: all that is needed of HTTP to fetch a token.
///
/// `HttpService` of `okta-transport` is one. Give it a stack **without** an authenticator, for a token cannot be fetched
/// with itself, but with an attempt timeout, so that a silent server is given up. A request contains a client assertion in
/// its body, so do not log it.
pub trait HttpExchange: fmt::Debug + Send + Sync + 'static {
    /// Sends the request. A response with an error status is not an error.
    ///
    /// # Errors
    ///
    /// Any failure to get a response. It is treated as transient and retried.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future abandons the request.
    fn exchange(&self, request: Request<Bytes>)
    -> BoxFuture<'_, Result<Response<Bytes>, Box<dyn Error + Send + Sync>>>;
}
