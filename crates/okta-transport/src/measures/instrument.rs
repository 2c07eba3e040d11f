//! The table of instruments.

/// What is measured. Names, units and labels follow OpenTelemetry's semantic conventions where these have some.
///
/// The labels of an instrument are always the same ones, in the order of [`labels`](Self::labels); one that does not apply has an
/// empty value. Their values are taken from short lists (operations, methods, statuses, buckets, outcomes) and from the
/// settings: none contains an id, a login, an address with ids, or a secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Instrument {
    /// `http.client.request.duration`: an attempt, until the head of its response is there or it has failed. Requests for
    /// access tokens are included; their operation is `_OTHER`.
    RequestDuration,
    /// `okta.client.call.duration`: a call with all its attempts, delays and the reading of the body.
    CallDuration,
    /// `okta.client.call.attempts`: how many requests a call has sent, 0 if its response was cached.
    CallAttempts,
    /// `okta.client.retry.wait`: the delay before a retry.
    RetryWait,
    /// `okta.client.rate_limit.limit`: the requests that a window of the bucket allows, as last reported by Okta.
    RateLimitLimit,
    /// `okta.client.rate_limit.remaining`: the requests that the window has left, as last reported by Okta.
    RateLimitRemaining,
    /// `okta.client.rate_limit.wait`: how long the limiter held an attempt back. Attempts that were not held back are not
    /// counted; waiting for a concurrency limit is.
    RateLimitWait,
    /// `okta.client.concurrency`: attempts that wait for the head of their response.
    Concurrency,
    /// `okta.client.token.refresh`: access tokens that were requested.
    TokenRefresh,
    /// `okta.client.cache.hit`: responses that were cached.
    CacheHit,
    /// `okta.client.cache.miss`: responses that had to be requested although the cache was asked, revalidated ones included.
    CacheMiss,
    /// `okta.client.tail.lag`: the age of the last event that a tail of the System Log has returned, at that moment; 0 once the
    /// log has no further events.
    TailLag,
}

/// How the values of an instrument add up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum InstrumentKind {
    /// A sum that only grows; each value is added.
    Counter,
    /// A sum that grows and shrinks; each value is added.
    UpDownCounter,
    /// The last value counts.
    Gauge,
    /// A distribution, with [`boundaries`](Instrument::boundaries) for its buckets.
    Histogram,
}

struct Facts {
    name: &'static str,
    kind: InstrumentKind,
    unit: &'static str,
    description: &'static str,
    labels: &'static [&'static str],
    boundaries: &'static [f64],
}

/// As the semantic conventions advise for HTTP.
const REQUEST_SECONDS: &[f64] = &[
    0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0,
];
/// A call may wait for a window of a rate limit, which lasts a minute.
const CALL_SECONDS: &[f64] = &[
    0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0, 30.0, 60.0, 120.0,
];
const WAIT_SECONDS: &[f64] = &[0.01, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 20.0, 30.0, 60.0, 120.0];
const ATTEMPTS: &[f64] = &[0.0, 1.0, 2.0, 3.0, 5.0, 10.0, 20.0];

const SERVER: &str = "server.address";
const OPERATION: &str = "okta.operation";
const OUTCOME: &str = "okta.outcome";
const CALL_LABELS: &[&str] = &[SERVER, OPERATION, "okta.status_class", OUTCOME];
const BUCKET_LABELS: &[&str] = &[SERVER, "okta.rate_limit.bucket"];

impl Instrument {
    /// All instruments, in the order of their documentation.
    pub const ALL: &'static [Self] = &[
        Self::RequestDuration,
        Self::CallDuration,
        Self::CallAttempts,
        Self::RetryWait,
        Self::RateLimitLimit,
        Self::RateLimitRemaining,
        Self::RateLimitWait,
        Self::Concurrency,
        Self::TokenRefresh,
        Self::CacheHit,
        Self::CacheMiss,
        Self::TailLag,
    ];

    /// The name, in OpenTelemetry's form, for example `okta.client.call.duration`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.facts().name
    }

    /// How its values add up.
    #[must_use]
    pub const fn kind(self) -> InstrumentKind {
        self.facts().kind
    }

    /// The unit in UCUM's form: `s` for seconds, `{request}` for a number of requests.
    #[must_use]
    pub const fn unit(self) -> &'static str {
        self.facts().unit
    }

    /// What it measures, in a sentence.
    #[must_use]
    pub const fn description(self) -> &'static str {
        self.facts().description
    }

    /// The names of its labels, which each series has in this order.
    #[must_use]
    pub const fn labels(self) -> &'static [&'static str] {
        self.facts().labels
    }

    /// The upper boundaries of a histogram's buckets; empty for every other kind.
    #[must_use]
    pub const fn boundaries(self) -> &'static [f64] {
        self.facts().boundaries
    }

    const fn facts(self) -> Facts {
        use InstrumentKind::{Counter, Gauge, Histogram, UpDownCounter};
        let (name, kind, unit, labels, boundaries, description): (_, _, _, &[&str], &[f64], _) = match self {
            Self::RequestDuration => (
                "http.client.request.duration",
                Histogram,
                "s",
                &[
                    "http.request.method",
                    SERVER,
                    "server.port",
                    "http.response.status_code",
                    "error.type",
                    "network.protocol.version",
                    OPERATION,
                ],
                REQUEST_SECONDS,
                "Duration of HTTP client requests.",
            ),
            Self::CallDuration => (
                "okta.client.call.duration",
                Histogram,
                "s",
                CALL_LABELS,
                CALL_SECONDS,
                "Duration of calls, with all attempts, delays and the reading of the body.",
            ),
            Self::CallAttempts => (
                "okta.client.call.attempts",
                Histogram,
                "{request}",
                CALL_LABELS,
                ATTEMPTS,
                "Requests that a call has sent.",
            ),
            Self::RetryWait => (
                "okta.client.retry.wait",
                Histogram,
                "s",
                &[SERVER, OPERATION, "okta.retry.reason"],
                WAIT_SECONDS,
                "Delays before retries.",
            ),
            Self::RateLimitLimit => (
                "okta.client.rate_limit.limit",
                Gauge,
                "{request}",
                BUCKET_LABELS,
                &[],
                "Requests that a window of the rate limit allows.",
            ),
            Self::RateLimitRemaining => (
                "okta.client.rate_limit.remaining",
                Gauge,
                "{request}",
                BUCKET_LABELS,
                &[],
                "Requests that the window of the rate limit has left.",
            ),
            Self::RateLimitWait => (
                "okta.client.rate_limit.wait",
                Histogram,
                "s",
                BUCKET_LABELS,
                WAIT_SECONDS,
                "How long the limiter held attempts back.",
            ),
            Self::Concurrency => (
                "okta.client.concurrency",
                UpDownCounter,
                "{request}",
                &[SERVER],
                &[],
                "Attempts that wait for the head of their response.",
            ),
            Self::TokenRefresh => (
                "okta.client.token.refresh",
                Counter,
                "{token}",
                &[SERVER, OUTCOME],
                &[],
                "Access tokens that were requested.",
            ),
            Self::CacheHit => (
                "okta.client.cache.hit",
                Counter,
                "{response}",
                &[SERVER, OPERATION],
                &[],
                "Responses that were cached.",
            ),
            Self::CacheMiss => (
                "okta.client.cache.miss",
                Counter,
                "{response}",
                &[SERVER, OPERATION],
                &[],
                "Responses that had to be requested although the cache was asked.",
            ),
            Self::TailLag => (
                "okta.client.tail.lag",
                Gauge,
                "s",
                &[SERVER],
                &[],
                "Age of the last event that a tail of the System Log has returned.",
            ),
        };
        Facts {
            name,
            kind,
            unit,
            description,
            labels,
            boundaries,
        }
    }
}
