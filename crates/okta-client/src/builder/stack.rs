//! What is put into the default stack besides the settings.

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use http::{Request, Response};
use okta_transport::{Body, BoxError, Clock, HttpService, RateLimitMode, RateLimiter, RetryBudget, RetryPolicy};
use tower::{Layer, Service};

use super::OktaClientBuilder;

impl OktaClientBuilder {
    /// Sets how long one attempt may take until the response's headers are there; none is the default.
    pub fn attempt_timeout(self, limit: Duration) -> Self {
        self.change(move |stack| stack.attempt_timeout(Some(limit)))
    }

    /// Adds a header to all requests that do not have it themselves.
    pub fn header(self, name: impl Into<String>, value: impl Into<String>) -> Self {
        let (name, value) = (name.into(), value.into());
        self.change(move |stack| stack.header(name, value))
    }

    /// Trusts these certificates (PEM) besides those of the platform: an inspecting proxy's, a test server's.
    #[cfg(feature = "hyper")]
    pub fn root_certificate_pem(self, pem: impl Into<Vec<u8>>) -> Self {
        let pem = pem.into();
        self.change(move |stack| stack.root_certificate_pem(pem))
    }

    /// Puts a layer around the whole stack: it sees one request a call. The first one added is the outermost.
    pub fn layer<L, B>(self, layer: L) -> Self
    where
        L: Layer<HttpService> + Send + Sync + 'static,
        L::Service: Service<Request<Body>, Response = Response<B>> + Clone + Send + Sync + 'static,
        <L::Service as Service<Request<Body>>>::Error: Into<BoxError>,
        <L::Service as Service<Request<Body>>>::Future: Send + 'static,
        B: http_body::Body<Data = Bytes> + Send + 'static,
        B::Error: Into<BoxError>,
    {
        self.change(move |stack| stack.layer(layer))
    }

    /// Puts a layer inside the stack, where each attempt passes without its credentials. The first one added is the
    /// outermost.
    pub fn attempt_layer<L, B>(self, layer: L) -> Self
    where
        L: Layer<HttpService> + Send + Sync + 'static,
        L::Service: Service<Request<Body>, Response = Response<B>> + Clone + Send + Sync + 'static,
        <L::Service as Service<Request<Body>>>::Error: Into<BoxError>,
        <L::Service as Service<Request<Body>>>::Future: Send + 'static,
        B: http_body::Body<Data = Bytes> + Send + 'static,
        B::Error: Into<BoxError>,
    {
        self.change(move |stack| stack.attempt_layer(layer))
    }

    /// Puts a service of your own at the bottom of the stack instead of hyper: another HTTP client, a router, a test
    /// double.
    pub fn service<S, B>(mut self, service: S) -> Self
    where
        S: Service<Request<Body>, Response = Response<B>> + Clone + Send + Sync + 'static,
        S::Error: Into<BoxError>,
        S::Future: Send + 'static,
        B: http_body::Body<Data = Bytes> + Send + 'static,
        B::Error: Into<BoxError>,
    {
        let service = HttpService::new(service);
        self.has_own_service = true;
        self.change(move |stack| stack.service(service))
    }

    /// Takes the time from this clock; for tests.
    pub fn clock(self, clock: Arc<dyn Clock>) -> Self {
        self.change(move |stack| stack.clock(clock))
    }

    /// Lets this policy decide which attempts are repeated, instead of
    /// [`DefaultRetryPolicy`](okta_transport::DefaultRetryPolicy).
    pub fn retry(self, policy: impl RetryPolicy) -> Self {
        self.change(move |stack| stack.retry(policy))
    }

    /// Takes the retries of failed calls out of this budget, which several clients may share.
    pub fn retry_budget(self, budget: impl Into<Option<RetryBudget>> + Send + 'static) -> Self {
        self.change(move |stack| stack.retry_budget(budget))
    }

    /// What is done about what the client knows of its rate limits: nothing, hold back what would be refused (the
    /// default), or pace to a share of the limit.
    pub fn rate_limit_mode(self, mode: RateLimitMode) -> Self {
        self.change(move |stack| stack.rate_limit_mode(mode))
    }

    /// How many requests may be on their way at a time, their bodies included.
    pub fn concurrency_limit(self, requests: usize) -> Self {
        self.change(move |stack| stack.concurrency_limit(requests))
    }

    /// Asks this limiter, which several clients of one process may share.
    pub fn rate_limiter(self, limiter: RateLimiter) -> Self {
        self.change(move |stack| stack.rate_limiter(limiter))
    }

    /// Sends nothing twice.
    pub fn without_retry(self) -> Self {
        self.change(okta_transport::StackBuilder::without_retry)
    }
}
