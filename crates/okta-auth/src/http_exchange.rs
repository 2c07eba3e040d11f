use std::{error::Error, fmt, future::Future, sync::Arc};

use bytes::Bytes;
use http::{Request, Response};

use crate::future::BoxFuture;

type BoxError = Box<dyn Error + Send + Sync>;

/// Sends one request and reads its whole response: all that is needed of HTTP to fetch a token.
///
/// `HttpService` of `okta-transport` is one. Give it a stack **without** an authenticator, for a token cannot be fetched
/// with itself, but with an attempt timeout, so that a silent server is given up. A request contains a client assertion in
/// its body, so do not log it. Write `exchange` as an `async fn`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot send token requests",
    note = "implement `HttpExchange` for it, or pass a `SharedHttpExchange`"
)]
pub trait HttpExchange: Send + Sync + 'static {
    /// Sends the request. A response with an error status is not an error.
    ///
    /// # Errors
    ///
    /// Any failure to get a response. It is treated as transient and retried.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future abandons the request.
    fn exchange(&self, request: Request<Bytes>) -> impl Future<Output = Result<Response<Bytes>, BoxError>> + Send;
}

impl<T: HttpExchange> HttpExchange for Arc<T> {
    fn exchange(&self, request: Request<Bytes>) -> impl Future<Output = Result<Response<Bytes>, BoxError>> + Send {
        (**self).exchange(request)
    }
}

/// Any [`HttpExchange`] behind a pointer. `Debug` shows nothing of it.
#[derive(Clone)]
pub struct SharedHttpExchange(Arc<dyn dynamic::HttpExchange>);

impl SharedHttpExchange {
    /// Takes the exchange, or an `Arc` of one whose handle you keep.
    pub fn new(exchange: impl HttpExchange) -> Self {
        Self(Arc::new(exchange))
    }

    /// See [`HttpExchange::exchange`].
    ///
    /// # Errors
    ///
    /// Those of the exchange.
    pub fn exchange(&self, request: Request<Bytes>) -> BoxFuture<'_, Result<Response<Bytes>, BoxError>> {
        self.0.exchange(request)
    }
}

impl<T: HttpExchange> From<T> for SharedHttpExchange {
    fn from(exchange: T) -> Self {
        Self::new(exchange)
    }
}

impl fmt::Debug for SharedHttpExchange {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("SharedHttpExchange")
    }
}

/// The trait with boxed futures.
mod dynamic {
    use bytes::Bytes;
    use http::{Request, Response};

    use super::BoxError;
    use crate::future::BoxFuture;

    pub(super) trait HttpExchange: Send + Sync {
        fn exchange(&self, request: Request<Bytes>) -> BoxFuture<'_, Result<Response<Bytes>, BoxError>>;
    }

    impl<T: super::HttpExchange> HttpExchange for T {
        fn exchange(&self, request: Request<Bytes>) -> BoxFuture<'_, Result<Response<Bytes>, BoxError>> {
            Box::pin(T::exchange(self, request))
        }
    }
}
