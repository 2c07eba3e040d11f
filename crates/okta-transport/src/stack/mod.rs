//! Builds the default stack: its order, and the settings of its layers.

mod bodies;
mod cache;
mod credentials;
#[cfg(feature = "hyper")]
mod hyper;
mod rate_limit;
mod retry;

use std::{fmt, sync::Arc, time::Duration};

use bytes::Bytes;
use http::{Request, Response, header};
use okta_auth::{Clock, OrgOrigin};
use okta_config::OrgUrl;
use tower::{BoxError, Layer, Service, util::option_layer};

use credentials::CredentialsFrom;

#[cfg(feature = "hyper")]
use crate::connect::{hyper_service::HyperService, hyper_service_builder::HyperServiceBuilder};
use crate::{
    error::build_error::BuildError,
    layers::{
        attempt_timeout::AttemptTimeoutLayer,
        auth::AuthLayer,
        body_idle_timeout::BodyIdleTimeoutLayer,
        buffer_body::BufferBodyLayer,
        cache::{handle::CacheHandle, shared_store::SharedCacheStore},
        default_headers::DefaultHeadersLayer,
        rate_limit::{limiter::RateLimiter, mode::RateLimitMode},
        retry::layer::RetryLayer,
        total_timeout::TotalTimeoutLayer,
        tracing::{attempt_log::AttemptLogLayer, operation_span::OperationSpanLayer},
    },
    measures::metrics::Metrics,
    service::{body::Body, http_service::HttpService},
    time::clock::TokioClock,
};

/// A server that sends no headers for so long will send none.
const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(300);
/// A connection that brings no byte for so long is dead.
const BODY_IDLE_TIMEOUT: Duration = Duration::from_secs(60);

type ErasedLayer = Box<dyn FnOnce(HttpService) -> HttpService + Send>;

impl HttpService {
    /// Builds the default stack for this org. The documentation of this crate lists its layers in order.
    ///
    /// ```
    /// use std::time::Duration;
    /// use http::Response;
    /// use okta_auth::SswsToken;
    /// use okta_config::OrgUrl;
    /// use okta_transport::{Body, BoxError, HttpService};
    ///
    /// let service = HttpService::builder(&OrgUrl::parse("https://acme.okta.com")?)
    ///     .authenticator(SswsToken::new("00canary".into())?)
    ///     .user_agent("acme-sync/2.1")
    ///     .total_timeout(Duration::from_secs(300))
    ///     .attempt_timeout(Duration::from_secs(30))
    ///     .attempt_layer(tower::util::MapRequestLayer::new(|request: http::Request<Body>| request))
    ///     // Without this line requests travel over hyper.
    ///     .service(tower::service_fn(|_| async { Ok::<_, BoxError>(Response::new(Body::empty())) }))
    ///     .build()?;
    /// # Ok::<(), BoxError>(())
    /// ```
    pub fn builder(org_url: &OrgUrl) -> StackBuilder {
        StackBuilder {
            org_url: org_url.clone(),
            origin: OrgOrigin::new(org_url),
            credentials: CredentialsFrom::Nowhere,
            user_agent: None,
            headers: Vec::new(),
            total_timeout: None,
            attempt_timeout: Some(ATTEMPT_TIMEOUT),
            body_idle_timeout: Some(BODY_IDLE_TIMEOUT),
            buffer: BufferBodyLayer::new(),
            logging: true,
            metrics: None,
            cache: None,
            cache_time_to_live: None,
            #[cfg(feature = "__decompression")]
            decompression: true,
            retry: Some(RetryLayer::new()),
            rate_limiter: None,
            rate_limit_mode: RateLimitMode::default(),
            concurrency_limit: None,
            layers: Vec::new(),
            attempt_layers: Vec::new(),
            service: None,
            clock: Arc::new(TokioClock),
            #[cfg(feature = "hyper")]
            hyper: HyperService::builder(org_url),
            #[cfg(feature = "hyper")]
            hyper_settings: Vec::new(),
        }
    }
}

/// Settings of the default stack, made with [`HttpService::builder`].
///
/// Additions and replacements leave the rest of the stack unchanged. For another order, or with only some of the
/// layers, compose them yourself with `tower::ServiceBuilder`.
#[must_use]
pub struct StackBuilder {
    org_url: OrgUrl,
    origin: OrgOrigin,
    credentials: CredentialsFrom,
    user_agent: Option<String>,
    headers: Vec<(String, String)>,
    total_timeout: Option<Duration>,
    attempt_timeout: Option<Duration>,
    body_idle_timeout: Option<Duration>,
    buffer: BufferBodyLayer,
    logging: bool,
    metrics: Option<Metrics>,
    cache: Option<SharedCacheStore>,
    cache_time_to_live: Option<Duration>,
    #[cfg(feature = "__decompression")]
    decompression: bool,
    retry: Option<RetryLayer>,
    /// One that was made elsewhere; otherwise one is made of the mode and the limit.
    rate_limiter: Option<RateLimiter>,
    rate_limit_mode: RateLimitMode,
    concurrency_limit: Option<usize>,
    layers: Vec<ErasedLayer>,
    attempt_layers: Vec<ErasedLayer>,
    service: Option<HttpService>,
    clock: Arc<dyn Clock>,
    #[cfg(feature = "hyper")]
    hyper: HyperServiceBuilder,
    /// The settings that make no sense for another service.
    #[cfg(feature = "hyper")]
    hyper_settings: Vec<&'static str>,
}

impl StackBuilder {
    /// Appends the name of your application to the `User-Agent` ([`DefaultHeadersLayer`]).
    pub fn user_agent(mut self, extra: impl Into<String>) -> Self {
        self.user_agent = Some(extra.into());
        self
    }

    /// Adds a header to every request that does not have it itself ([`DefaultHeadersLayer`]).
    ///
    /// `Authorization` is for stacks without an authenticator only, and so is the `Host` of another server:
    /// [`build`](Self::build) refuses what would make every call fail.
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// Limits a whole call, the reading of the body included ([`TotalTimeoutLayer`]). `None` and zero mean no limit,
    /// which is the default.
    pub fn total_timeout(mut self, limit: impl Into<Option<Duration>>) -> Self {
        self.total_timeout = limit.into();
        self
    }

    /// Limits one attempt until the headers of its response are there ([`AttemptTimeoutLayer`]). The default is 300
    /// seconds; `None` and zero mean no limit.
    pub fn attempt_timeout(mut self, limit: impl Into<Option<Duration>>) -> Self {
        self.attempt_timeout = limit.into();
        self
    }

    /// Asks for no compressed responses, and leaves those that come so as they are.
    #[cfg(feature = "__decompression")]
    pub fn without_decompression(mut self) -> Self {
        self.decompression = false;
        self
    }

    /// Leaves out the layers that tell a subscriber of `tracing` what happens ([`OperationSpanLayer`],
    /// [`AttemptLogLayer`]). Without a subscriber, they cost next to nothing.
    pub fn without_logging(mut self) -> Self {
        self.logging = false;
        self
    }

    /// Measures calls, attempts, rate limits, the cache and the renewal of tokens. Without this call nothing is measured.
    pub fn metrics(mut self, metrics: Metrics) -> Self {
        self.metrics = Some(metrics);
        self
    }

    /// Adds a layer outside of everything: it sees each call once. The first one added is outermost.
    pub fn layer<L, B>(mut self, layer: L) -> Self
    where
        L: Layer<HttpService> + Send + 'static,
        L::Service: Service<Request<Body>, Response = Response<B>> + Clone + Send + Sync + 'static,
        <L::Service as Service<Request<Body>>>::Error: Into<BoxError>,
        <L::Service as Service<Request<Body>>>::Future: Send + 'static,
        B: http_body::Body<Data = Bytes> + Send + 'static,
        B::Error: Into<BoxError>,
    {
        self.layers.push(Box::new(|service| service.layer(layer)));
        self
    }

    /// Adds a layer around each attempt: it sees a request as often as it is sent, and no credentials. The first one
    /// added is outermost.
    pub fn attempt_layer<L, B>(mut self, layer: L) -> Self
    where
        L: Layer<HttpService> + Send + 'static,
        L::Service: Service<Request<Body>, Response = Response<B>> + Clone + Send + Sync + 'static,
        <L::Service as Service<Request<Body>>>::Error: Into<BoxError>,
        <L::Service as Service<Request<Body>>>::Future: Send + 'static,
        B: http_body::Body<Data = Bytes> + Send + 'static,
        B::Error: Into<BoxError>,
    {
        self.attempt_layers.push(Box::new(|service| service.layer(layer)));
        self
    }

    /// Sends requests with this service instead of hyper: another client, a router in the same process, a test double.
    ///
    /// What is set up for hyper goes nowhere then: a connect timeout is ignored, any other setting is refused by
    /// [`build`](Self::build).
    pub fn service<S, B>(mut self, service: S) -> Self
    where
        S: Service<Request<Body>, Response = Response<B>> + Clone + Send + Sync + 'static,
        S::Error: Into<BoxError>,
        S::Future: Send + 'static,
        B: http_body::Body<Data = Bytes> + Send + 'static,
        B::Error: Into<BoxError>,
    {
        self.service = Some(HttpService::new(service));
        self
    }

    /// Takes the time of every timeout from this clock instead of tokio's.
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    /// Builds the stack. Nothing is connected to before the first request, and no runtime has to be there yet.
    ///
    /// # Errors
    ///
    /// [`BuildError`] names the setting that is wrong.
    pub fn build(self) -> Result<HttpService, BuildError> {
        self.build_with_cache().map(|(service, _)| service)
    }

    /// Builds the stack and returns a handle on its cache, which does nothing if there is no cache.
    ///
    /// # Errors
    ///
    /// As for [`build`](Self::build).
    pub fn build_with_cache(mut self) -> Result<(HttpService, CacheHandle), BuildError> {
        let headers = self.default_headers()?;
        let transport = self.transport()?;
        let mut stack = self.attempt(transport);
        let credentials = std::mem::replace(&mut self.credentials, CredentialsFrom::Nowhere);
        let authenticator = credentials.resolve(stack.clone(), &self.buffer, headers.clone(), &self.clock)?;
        if let (Some(metrics), Some(authenticator)) = (&self.metrics, &authenticator) {
            authenticator.observe_tokens(metrics.token_observer());
        }
        let principal = authenticator.as_ref().map(|authenticator| authenticator.principal());
        let limiter = self.limiter_layer(principal);
        let cache = self.cache_layer(authenticator.as_ref())?;
        let buffer = self.buffer.clock(self.clock.clone());
        stack = match authenticator {
            Some(authenticator) => {
                let auth = AuthLayer::new(authenticator, self.origin).clock(self.clock.clone());
                HttpService::new(buffer.layer(auth.layer(stack)))
            }
            None => stack.layer(buffer),
        }
        .always_ready();
        stack = self
            .attempt_layers
            .into_iter()
            .rfold(stack, |stack, layer| layer(stack));
        if let Some(limiter) = limiter {
            stack = stack.layer(limiter).always_ready();
        }
        if let Some(retry) = self.retry {
            let retry = retry.clock(self.clock.clone());
            let retry = match &self.metrics {
                Some(metrics) => retry.metrics(metrics.clone()),
                None => retry,
            };
            stack = stack.layer(retry).always_ready();
        }
        if let Some(cache) = &cache {
            stack = stack.layer(cache.clone()).always_ready();
        }
        stack = stack
            .layer(TotalTimeoutLayer::new(self.total_timeout).clock(self.clock.clone()))
            .always_ready();
        if self.logging || self.metrics.is_some() {
            let mut layer = OperationSpanLayer::new().clock(self.clock);
            if let Some(metrics) = self.metrics {
                layer = layer.metrics(metrics);
            }
            if !self.logging {
                layer = layer.without_logging();
            }
            stack = stack.layer(layer).always_ready();
        }
        stack = self.layers.into_iter().rfold(stack, |stack, layer| layer(stack));
        Ok((stack.layer(headers), CacheHandle::new(cache, self.org_url)))
    }

    /// The layers that see the exchange with the server: erased together, for each erased layer costs allocations.
    fn attempt(&self, transport: HttpService) -> HttpService {
        let clock = || Arc::clone(&self.clock);
        #[cfg(feature = "__decompression")]
        let decompression = option_layer(
            self.decompression
                .then(crate::layers::decompression::DecompressionLayer::new),
        );
        #[cfg(not(feature = "__decompression"))]
        let decompression = tower::layer::util::Identity::new();
        let body_idle_timeout = BodyIdleTimeoutLayer::new(self.body_idle_timeout).clock(clock());
        let attempt_timeout = AttemptTimeoutLayer::new(self.attempt_timeout).clock(clock());
        let log = option_layer((self.logging || self.metrics.is_some()).then(|| {
            let mut layer = AttemptLogLayer::new().clock(clock());
            if let Some(metrics) = &self.metrics {
                layer = layer.metrics(metrics.clone());
            }
            if self.logging { layer } else { layer.without_logging() }
        }));
        HttpService::new(log.layer(attempt_timeout.layer(body_idle_timeout.layer(decompression.layer(transport)))))
            .always_ready()
    }

    fn default_headers(&self) -> Result<DefaultHeadersLayer, BuildError> {
        let mut layer = DefaultHeadersLayer::new();
        if let Some(extra) = &self.user_agent {
            layer = layer.user_agent(extra)?;
        }
        for (name, value) in &self.headers {
            layer = layer.header(name, value)?;
        }
        if self.credentials.are_set() {
            if layer.headers().contains_key(header::AUTHORIZATION) {
                return Err(BuildError::HeaderTaken {
                    header: header::AUTHORIZATION,
                });
            }
            if let Some(host) = layer.headers().get(header::HOST) {
                self.origin.admits_host(host).map_err(BuildError::ForeignHost)?;
            }
        }
        Ok(layer)
    }

    #[cfg(not(feature = "hyper"))]
    fn transport(&mut self) -> Result<HttpService, BuildError> {
        self.service.take().ok_or(BuildError::NoService)
    }
}

impl fmt::Debug for StackBuilder {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let headers: Vec<_> = self.headers.iter().map(|(name, _)| name).collect();
        formatter
            .debug_struct("StackBuilder")
            .field("origin", &self.origin)
            .field("credentials", &self.credentials)
            .field("user_agent", &self.user_agent)
            .field("headers", &headers)
            .field("total_timeout", &self.total_timeout)
            .field("attempt_timeout", &self.attempt_timeout)
            .field("retry", &self.retry)
            .field("cache", &self.cache)
            .field("rate_limit_mode", &self.rate_limit_mode)
            .field("layers", &self.layers.len())
            .field("attempt_layers", &self.attempt_layers.len())
            .field("service", &self.service)
            .finish_non_exhaustive()
    }
}
