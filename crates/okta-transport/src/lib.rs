#![cfg_attr(docsrs, feature(doc_cfg))]
// The README's programs run as tests if the features that they use are enabled.
#![cfg_attr(any(not(doctest), all(feature = "cache-moka", feature = "cassette", feature = "hyper", any(feature = "aws-lc-rs", feature = "ring"))), doc = include_str!("../README.md"))]

#[cfg(feature = "cassette")]
pub mod cassette;
#[cfg(feature = "hyper")]
mod connect;
mod error;
mod headers;
mod layers;
mod measures;
mod request;
mod sanitize;
mod service;
mod stack;
mod time;
#[cfg(any(feature = "hyper", feature = "redis"))]
mod tls_config;

/// Authentication: the layer that adds credentials, and credentials for a single call.
pub mod auth {
    pub use crate::{
        layers::auth::{Auth, AuthLayer},
        request::authenticator_override::{AuthenticatorOverride, principal_of},
    };
}

/// Bodies of responses: buffering and decompression.
pub mod body {
    #[cfg(feature = "__decompression")]
    pub use crate::layers::decompression::{
        Decompression, DecompressionError, DecompressionFuture, DecompressionLayer,
    };
    pub use crate::{
        error::response_body_error::ResponseBodyError,
        layers::buffer_body::{BufferBody, BufferBodyFuture, BufferBodyLayer},
    };
}

/// The response cache: the layer, its stores, and what a custom store needs.
pub mod cache {
    #[cfg(feature = "cache-moka")]
    pub use crate::layers::cache::moka_store::MokaStore;
    #[cfg(feature = "redis")]
    pub use crate::layers::cache::redis_store::{RedisStore, RedisStoreError};
    pub use crate::{
        layers::cache::{
            handle::{CacheHandle, CacheHandleError},
            key::CacheKey,
            layer::{Cache, CacheLayer},
            shared_store::SharedCacheStore,
            status::CacheStatus,
            store::{CacheLookup, CacheStore, VersionToken},
            tag::Tag,
            value::CacheValue,
        },
        request::cache_mode::CacheMode,
    };
}

/// Guards: layers that refuse writes, report them instead of sending them, or report what was sent.
///
/// The table of operations says which requests write, not the method alone: some operations read with `POST`.
pub mod guard {
    pub use crate::layers::guard::{
        audit::{Audit, AuditFuture, AuditLayer},
        audit_record::{AuditOutcome, AuditRecord},
        dry_run::{DryRun, DryRunLayer},
        error::{DryRunError, ReadOnlyError, is_withheld},
        future::GuardFuture,
        read_only::{ReadOnly, ReadOnlyLayer},
        unsent_request::UnsentRequest,
    };
}

/// Headers of requests: defaults for all requests, and the headers that belong to the connection.
pub mod header {
    pub use crate::{
        headers::connection_header::is_connection_header,
        layers::default_headers::{DefaultHeaders, DefaultHeadersLayer},
    };
}

/// Measures: what is measured, and the recorder that takes it.
///
/// Give the stack a [`Metrics`](metrics::Metrics) ([`StackBuilder::metrics`]). Without one nothing is measured.
/// Spans and events of [`trace`] have the same names.
pub mod metrics {
    #[cfg(feature = "metrics")]
    pub use crate::measures::opentelemetry_recorder::OpenTelemetryRecorder;
    pub use crate::measures::{
        instrument::{Instrument, InstrumentKind},
        metrics::Metrics,
        recorder::{Label, Recorder, Series},
    };
}

/// Proxies.
#[cfg(feature = "hyper")]
pub mod proxy {
    pub use crate::connect::proxy::Proxy;
}

/// Rate limits: the layer, the limiter that clients share, and what a response reports.
pub mod rate_limit {
    pub use crate::{
        headers::rate_limit::RateLimit,
        layers::rate_limit::{
            bucket_name::rate_limit_bucket,
            error::RateLimitWaitError,
            fleet::{
                settings::Fleet,
                store::{
                    Decision, FleetSize, PeerUsage, RateLimitKeys, RateLimitStore, Reservation, ReserveRequest,
                    SharedRateLimitStore, WindowObservation,
                },
            },
            layer::{RateLimitLayer, RateLimitService},
            limiter::{RateLimitBucket, RateLimiter, RateLimiterBuilder},
            mode::{RateLimitMode, RateLimitShare, RateLimitShareError},
            state::RateLimitState,
        },
    };
}

/// Retries: the layer, the retry policy, the budget, and the report of the attempts.
pub mod retry {
    pub use crate::{
        headers::retry_after::retry_after,
        layers::retry::{
            attempts::{AttemptOutcome, Attempts, RepeatedAttempt, StopReason},
            budget::RetryBudget,
            default_policy::DefaultRetryPolicy,
            failure::{FailureKind, maybe_carried_out},
            layer::{Retry, RetryLayer},
            policy::{RetryDecision, RetryOutcome, RetryPolicy, RetryState},
            retry_error::RetryError,
        },
    };
}

/// Timeouts of calls, attempts and bodies. All of them fail with a [`TimeoutError`].
pub mod timeout {
    #[cfg(doc)]
    use crate::TimeoutError;
    pub use crate::{
        layers::{
            attempt_timeout::{AttemptTimeout, AttemptTimeoutFuture, AttemptTimeoutLayer},
            body_idle_timeout::{BodyIdleTimeout, BodyIdleTimeoutFuture, BodyIdleTimeoutLayer},
            total_timeout::{TotalTimeout, TotalTimeoutFuture, TotalTimeoutLayer},
        },
        request::deadline::Deadline,
    };
}

/// TLS: versions, custom configurations, and the version of rustls that they are made of.
#[cfg(any(feature = "hyper", feature = "redis"))]
pub mod tls {
    #[cfg(feature = "hyper")]
    pub use crate::connect::tls::TlsVersion;
    pub use crate::tls_config::TlsConfig;
    pub use rustls;
}

/// Spans and events of `tracing`: one span and one event a call, one event an attempt.
pub mod trace {
    pub use crate::layers::tracing::{
        attempt_log::{AttemptLog, AttemptLogFuture, AttemptLogLayer},
        operation_span::{OperationSpan, OperationSpanFuture, OperationSpanLayer},
    };
}

#[cfg(feature = "hyper")]
pub use connect::{hyper_service::HyperService, hyper_service_builder::HyperServiceBuilder};
pub use error::{
    build_error::BuildError,
    causes,
    connect_error::ConnectError,
    name_lookup_error::NameLookupError,
    timeout_error::{TimeoutError, TimeoutKind},
};
pub use headers::server_date::server_date;
pub use okta_auth::Clock;
pub use request::{
    call_options::CallOptions,
    operation::{Idempotency, Operation, OperationAuthorization, OperationRef},
};
pub use service::{body::Body, http_service::HttpService};
pub use stack::StackBuilder;
pub use time::clock::TokioClock;
pub use tower::BoxError;
