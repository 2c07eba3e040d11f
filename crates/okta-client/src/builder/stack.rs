//! What is put into the default stack besides the settings.

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use http::{Request, Response};
use okta_transport::{
    Body, BoxError, Clock, HttpService,
    cache::SharedCacheStore,
    metrics::Recorder,
    rate_limit::{RateLimitMode, RateLimiter},
    retry::{RetryBudget, RetryPolicy},
};
#[cfg(feature = "hyper")]
use okta_transport::{
    proxy::Proxy,
    tls::{TlsConfig, TlsVersion},
};
#[cfg(feature = "hyper")]
use secrecy::SecretString;
use tower::{Layer, Service};

use super::client_builder::OktaClientBuilder;
#[cfg(feature = "hyper")]
use super::client_builder::ProxyFrom;

impl OktaClientBuilder {
    /// Sets how long one attempt may take until the response's headers are there. The default is 300 s; zero disables the limit.
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

    /// Goes through this proxy instead of a configured one.
    #[cfg(feature = "hyper")]
    pub fn proxy(mut self, proxy: Proxy) -> Self {
        self.proxy = ProxyFrom::Here(proxy);
        self
    }

    /// Goes through the proxy that the environment names (`HTTPS_PROXY`, `ALL_PROXY`, with the exceptions of `NO_PROXY`),
    /// where the settings name none. [`OktaClient::from_env`](crate::OktaClient::from_env) does so.
    #[cfg(feature = "hyper")]
    pub fn proxy_from_environment(mut self) -> Self {
        self.proxy = ProxyFrom::Environment;
        self
    }

    /// Shows this certificate (PEM, the chain and its key) to a server that asks for one.
    #[cfg(feature = "hyper")]
    pub fn client_certificate_pem(self, chain: impl Into<Vec<u8>>, key: impl Into<SecretString>) -> Self {
        let (chain, key) = (chain.into(), key.into());
        self.change(move |stack| stack.client_certificate_pem(chain, key))
    }

    /// Refuses older versions of TLS.
    #[cfg(feature = "hyper")]
    pub fn minimum_tls_version(self, version: TlsVersion) -> Self {
        self.change(move |stack| stack.minimum_tls_version(version))
    }

    /// Takes TLS altogether from a configuration of your own: one of [`rustls`](okta_transport::tls::rustls), which is
    /// re-exported.
    #[cfg(feature = "hyper")]
    pub fn tls_config(self, config: impl Into<TlsConfig>) -> Self {
        let config = config.into();
        self.change(move |stack| stack.tls_config(config))
    }

    /// Sets how long a response's body may come to a standstill. The default is 60 s; zero disables the limit.
    pub fn body_idle_timeout(self, limit: Duration) -> Self {
        self.change(move |stack| stack.body_idle_timeout(limit))
    }

    /// Sets how many bytes the body of a successful response may have, decompressed; `None` disables the limit. The default is
    /// 256 MiB. A larger response is an error. A single call can have
    /// [its own limit](okta_transport::CallOptions::max_body_size).
    pub fn max_body_size(self, bytes: impl Into<Option<u64>>) -> Self {
        let bytes = bytes.into();
        self.change(move |stack| stack.max_body_size(bytes))
    }

    /// Sets how many bytes of the body of an error response are read; `None` is all. The default is 1 MiB; the rest is
    /// dropped. A single call can have [its own limit](okta_transport::CallOptions::max_error_body_size).
    pub fn max_error_body_size(self, bytes: impl Into<Option<u64>>) -> Self {
        let bytes = bytes.into();
        self.change(move |stack| stack.max_error_body_size(bytes))
    }

    /// Sets how long a request is sent again that Okta refuses because it is busy with others: 423 (policy priorities being
    /// reconciled, for example), and 429 of the concurrency limit. The default is 120 s. Until then these retries do not
    /// count against [`max_retries`](Self::max_retries); zero counts each.
    pub fn busy_patience(self, patience: Duration) -> Self {
        self.change(move |stack| stack.busy_patience(patience))
    }

    /// Sets whether a write that is idempotent ([`Idempotency`](okta_transport::Idempotency)) is sent again when it is unknown
    /// if Okta has carried it out. The default is true. With false such a call fails, and
    /// [`Error::maybe_carried_out`](crate::Error::maybe_carried_out) is true. A request that was refused or not sent is still
    /// sent again.
    pub fn repeat_idempotent_writes(self, repeats: bool) -> Self {
        self.change(move |stack| stack.repeat_idempotent_writes(repeats))
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

    /// Replaces the hyper transport with a custom service: another HTTP client, a router, a test
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
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    /// Lets this policy decide which attempts are repeated, instead of
    /// [`DefaultRetryPolicy`](okta_transport::retry::DefaultRetryPolicy).
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

    /// Caches responses in this store: one of your own, or one in Redis that a fleet shares. It replaces the one of the
    /// settings (`okta.client.cache.enabled`); how long responses are used stays what the settings say. Clients that are given
    /// clones of one store, or of an `Arc` of it, share it; [`OktaClient::cache`](crate::OktaClient::cache) clears it.
    pub fn cache(self, store: impl Into<SharedCacheStore>) -> Self {
        let store = store.into();
        self.change(move |stack| stack.cache(store))
    }

    /// Disables the cache, also if the settings enable it.
    pub fn without_cache(self) -> Self {
        self.change(okta_transport::StackBuilder::without_cache)
    }

    /// Measures what the client does, with this recorder: `OpenTelemetryRecorder` (with the feature `metrics`) or one of your own
    /// ([`Recorder`]). The guide lists the [instruments](crate::guide::metrics). Without a recorder, the default, nothing is
    /// measured.
    ///
    /// An `Arc` of one recorder can serve several clients; their series differ by the address of the org.
    pub fn recorder(mut self, recorder: impl Recorder) -> Self {
        self.recorder = Some(Box::new(recorder));
        self
    }

    /// Emits no `tracing` spans or events.
    pub fn without_logging(self) -> Self {
        self.change(okta_transport::StackBuilder::without_logging)
    }

    /// Sends nothing twice.
    pub fn without_retry(self) -> Self {
        self.change(okta_transport::StackBuilder::without_retry)
    }
}
