#![doc = include_str!("../README.md")]

mod attempt_timeout;
mod auth;
mod authenticator_override;
mod body;
mod build_error;
mod call_options;
mod causes;
mod clock;
mod connect_error;
mod deadline;
mod default_headers;
mod drain;
mod http_service;
#[cfg(feature = "hyper")]
mod hyper_service;
mod operation;
mod rate_limit;
mod rate_limiter;
mod retry;
mod server_date;
mod stack_builder;
mod timeout_error;
mod timer;
#[cfg(feature = "hyper")]
mod tls;

pub use attempt_timeout::{AttemptTimeout, AttemptTimeoutFuture, AttemptTimeoutLayer};
pub use auth::{Auth, AuthLayer};
pub use authenticator_override::{AuthenticatorOverride, principal_of};
pub use body::Body;
pub use build_error::BuildError;
pub use call_options::CallOptions;
pub use clock::TokioClock;
pub use connect_error::ConnectError;
pub use deadline::{Deadline, DeadlineFuture, DeadlineLayer, DeadlineService};
pub use default_headers::{DefaultHeaders, DefaultHeadersLayer};
pub use http_service::HttpService;
#[cfg(feature = "hyper")]
pub use hyper_service::{HyperService, HyperServiceBuilder};
pub use okta_auth::Clock;
pub use operation::{Idempotency, Operation, OperationAuthorization, OperationRef};
pub use rate_limit::RateLimit;
pub use rate_limiter::{
    RateLimitBucket, RateLimitMode, RateLimitShare, RateLimitShareError, RateLimitState, RateLimitWaitError,
    RateLimiter, RateLimiterBuilder, RateLimiterLayer, RateLimiterService, rate_limit_bucket,
};
pub use retry::{
    AttemptOutcome, Attempts, DefaultRetryPolicy, RepeatedAttempt, Retry, RetryBudget, RetryDecision, RetryError,
    RetryLayer, RetryOutcome, RetryPolicy, RetryState, StopReason, retry_after,
};
pub use stack_builder::StackBuilder;
pub use timeout_error::{TimeoutError, TimeoutKind};
pub use tower::BoxError;
