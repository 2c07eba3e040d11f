// The README's programs run as tests if the features that they use are enabled.
#![cfg_attr(any(not(doctest), all(feature = "cache-moka", feature = "cassette", feature = "hyper", any(feature = "aws-lc-rs", feature = "ring"))), doc = include_str!("../README.md"))]

#[cfg(feature = "cassette")]
mod cassette;
#[cfg(feature = "hyper")]
mod connect;
mod error;
mod headers;
mod layers;
mod request;
mod sanitize;
mod service;
mod stack;
mod time;

#[cfg(feature = "cassette")]
pub use cassette::{
    CassetteError, CassetteField, CassettePlace, Record, RecordFuture, RecordLayer, Recorded, Recorder, Redaction,
    Replay, ReplayError,
};
#[cfg(feature = "hyper")]
pub use connect::{
    hyper_service::HyperService, hyper_service_builder::HyperServiceBuilder, proxy::Proxy, tls::TlsVersion,
};
pub use error::{
    build_error::BuildError,
    causes,
    connect_error::ConnectError,
    name_lookup_error::NameLookupError,
    response_body_error::ResponseBodyError,
    timeout_error::{TimeoutError, TimeoutKind},
};
pub use headers::{connection_header::is_connection_header, rate_limit::RateLimit, retry_after::retry_after};
#[cfg(feature = "cache-moka")]
pub use layers::cache::MokaStore;
#[cfg(feature = "redis")]
pub use layers::cache::{RedisStore, RedisStoreError};
#[cfg(feature = "__decompression")]
pub use layers::decompression::{Decompression, DecompressionError, DecompressionFuture, DecompressionLayer};
pub use layers::{
    attempt_timeout::{AttemptTimeout, AttemptTimeoutFuture, AttemptTimeoutLayer},
    auth::{Auth, AuthLayer},
    body_idle_timeout::{BodyIdleTimeout, BodyIdleTimeoutFuture, BodyIdleTimeoutLayer},
    buffer_body::{BufferBody, BufferBodyFuture, BufferBodyLayer},
    cache::{Cache, CacheKey, CacheLayer, CacheLookup, CacheStatus, CacheStore, Tag, VersionToken},
    default_headers::{DefaultHeaders, DefaultHeadersLayer},
    rate_limit::{
        RateLimitBucket, RateLimitLayer, RateLimitMode, RateLimitService, RateLimitShare, RateLimitShareError,
        RateLimitState, RateLimitWaitError, RateLimiter, RateLimiterBuilder, rate_limit_bucket,
    },
    retry::{
        AttemptOutcome, Attempts, DefaultRetryPolicy, FailureKind, RepeatedAttempt, Retry, RetryBudget, RetryDecision,
        RetryError, RetryLayer, RetryOutcome, RetryPolicy, RetryState, StopReason, maybe_carried_out,
    },
    total_timeout::{TotalTimeout, TotalTimeoutFuture, TotalTimeoutLayer},
    tracing::{AttemptLog, AttemptLogFuture, AttemptLogLayer, OperationSpan, OperationSpanFuture, OperationSpanLayer},
};
pub use okta_auth::Clock;
pub use request::{
    authenticator_override::{AuthenticatorOverride, principal_of},
    cache_mode::CacheMode,
    call_options::CallOptions,
    deadline::Deadline,
    operation::{Idempotency, Operation, OperationAuthorization, OperationRef},
};
#[cfg(feature = "hyper")]
pub use rustls;
pub use service::{body::Body, http_service::HttpService};
pub use stack::StackBuilder;
pub use time::clock::TokioClock;
pub use tower::BoxError;
