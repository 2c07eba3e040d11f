// The README's programs run as tests if the features that they use are enabled.
#![cfg_attr(any(not(doctest), all(feature = "cache-moka", feature = "cassette", feature = "hyper", any(feature = "aws-lc-rs", feature = "ring"))), doc = include_str!("../README.md"))]

mod attempt_timeout;
mod auth;
mod authenticator_override;
mod body;
mod body_idle_timeout;
mod buffer_body;
mod build_error;
mod cache;
mod call_options;
#[cfg(feature = "cassette")]
mod cassette;
pub mod causes;
mod clock;
#[cfg(feature = "hyper")]
mod connect;
mod connect_error;
mod connection_header;
#[cfg(feature = "hyper")]
mod connection_pools;
mod deadline;
#[cfg(feature = "__decompression")]
mod decompression;
mod default_headers;
mod drain;
mod http_exchange;
mod http_service;
#[cfg(feature = "hyper")]
mod hyper_service;
#[cfg(feature = "hyper")]
mod hyper_service_builder;
mod logging;
mod name_lookup_error;
mod operation;
#[cfg(feature = "hyper")]
mod proxy;
mod rate_limit;
mod rate_limiter;
mod response_body_error;
mod retry;
mod sanitize;
mod server_date;
mod stack_builder;
mod take;
mod timeout_error;
mod timer;
#[cfg(feature = "hyper")]
mod tls;

pub use attempt_timeout::{AttemptTimeout, AttemptTimeoutFuture, AttemptTimeoutLayer};
pub use auth::{Auth, AuthLayer};
pub use authenticator_override::{AuthenticatorOverride, principal_of};
pub use body::Body;
pub use body_idle_timeout::{BodyIdleTimeout, BodyIdleTimeoutFuture, BodyIdleTimeoutLayer};
pub use buffer_body::{BufferBody, BufferBodyFuture, BufferBodyLayer};
pub use build_error::BuildError;
#[cfg(feature = "cache-moka")]
pub use cache::MokaStore;
pub use cache::{Cache, CacheKey, CacheLayer, CacheMode, CacheStatus, CacheStore, Lookup, Tag, Ticket};
#[cfg(feature = "redis")]
pub use cache::{RedisStore, RedisStoreError};
pub use call_options::CallOptions;
#[cfg(feature = "cassette")]
pub use cassette::{
    CassetteError, CassetteField, CassettePlace, Record, RecordFuture, RecordLayer, Recorded, Recorder, Redaction,
    Replay, ReplayError,
};
pub use clock::TokioClock;
pub use connect_error::ConnectError;
pub use connection_header::is_connection_header;
pub use deadline::{Deadline, DeadlineFuture, DeadlineLayer, DeadlineService};
#[cfg(feature = "__decompression")]
pub use decompression::{Decompression, DecompressionError, DecompressionFuture, DecompressionLayer};
pub use default_headers::{DefaultHeaders, DefaultHeadersLayer};
pub use http_service::HttpService;
#[cfg(feature = "hyper")]
pub use hyper_service::HyperService;
#[cfg(feature = "hyper")]
pub use hyper_service_builder::HyperServiceBuilder;
pub use logging::{
    AttemptLog, AttemptLogFuture, AttemptLogLayer, OperationSpan, OperationSpanFuture, OperationSpanLayer,
};
pub use name_lookup_error::NameLookupError;
pub use okta_auth::Clock;
pub use operation::{Idempotency, Operation, OperationAuthorization, OperationRef};
#[cfg(feature = "hyper")]
pub use proxy::Proxy;
pub use rate_limit::RateLimit;
pub use rate_limiter::{
    RateLimitBucket, RateLimitMode, RateLimitShare, RateLimitShareError, RateLimitState, RateLimitWaitError,
    RateLimiter, RateLimiterBuilder, RateLimiterLayer, RateLimiterService, rate_limit_bucket,
};
pub use response_body_error::ResponseBodyError;
pub use retry::{
    AttemptOutcome, Attempts, DefaultRetryPolicy, FailureKind, RepeatedAttempt, Retry, RetryBudget, RetryDecision,
    RetryError, RetryLayer, RetryOutcome, RetryPolicy, RetryState, StopReason, maybe_carried_out, retry_after,
};
#[cfg(feature = "hyper")]
pub use rustls;
pub use stack_builder::StackBuilder;
pub use timeout_error::{TimeoutError, TimeoutKind};
#[cfg(feature = "hyper")]
pub use tls::TlsVersion;
pub use tower::BoxError;
