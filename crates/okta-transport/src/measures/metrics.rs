//! The handle by which layers record.

use std::{
    fmt,
    sync::{Arc, OnceLock},
    time::Duration,
};

use http::{Method, Request, StatusCode, Uri, Version};
use okta_auth::{TokenEvent, TokenObserver};
use okta_config::OrgUrl;

use super::{
    instrument::Instrument,
    recorder::{Label, Recorder, Series},
    series_cache::{SeriesCache, Text},
};
use crate::{
    headers::rate_limit::RateLimit,
    request::operation::{Operation, OperationRef},
};

/// What is not on a list: an operation without a name, another server, a method of its own.
const OTHER: &str = "_OTHER";
/// Names of buckets may come from a program's own function; from here on they are one.
const MOST_BUCKETS: usize = 256;

/// The measures of one org's client: a [`Recorder`], and the series that it has returned.
///
/// A clone is the same. The default stack gets one with [`StackBuilder::metrics`](crate::StackBuilder::metrics); for your own
/// stack give it to each of the layers
/// ([`OperationSpanLayer::metrics`](crate::trace::OperationSpanLayer::metrics),
/// [`AttemptLogLayer::metrics`](crate::trace::AttemptLogLayer::metrics),
/// [`RetryLayer::metrics`](crate::retry::RetryLayer::metrics),
/// [`RateLimitLayer::metrics`](crate::rate_limit::RateLimitLayer::metrics)). A layer without one computes nothing.
#[derive(Clone)]
pub struct Metrics(Arc<Inner>);

struct Inner {
    recorder: Box<dyn Recorder>,
    host: Box<str>,
    port: u16,
    /// Host and port as they stand in the address of almost every request.
    authority: Box<str>,
    calls: SeriesCache<CallKey, CallSeries>,
    requests: SeriesCache<RequestKey, Series>,
    /// Retries and the cache.
    operations: SeriesCache<(Instrument, Text, Text), Series>,
    buckets: SeriesCache<Box<str>, BucketSeries>,
    concurrency: OnceLock<Series>,
    tail_lag: OnceLock<Series>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct CallKey {
    operation: Text,
    status_class: Text,
    outcome: Text,
}

#[derive(Clone, Debug)]
struct CallSeries {
    duration: Series,
    attempts: Series,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct RequestKey {
    operation: Text,
    method: Text,
    status: Option<StatusCode>,
    error: Text,
    version: Text,
    goes_elsewhere: bool,
}

#[derive(Clone, Debug)]
struct BucketSeries {
    limit: Series,
    remaining: Series,
    wait: Series,
}

/// Why a request is retried.
#[derive(Clone, Copy, Debug)]
pub(crate) enum RetryReason {
    Failure,
    Refusal,
    Busy,
}

impl Metrics {
    /// Measures for the client of this org.
    pub fn new(recorder: impl Recorder, org_url: &OrgUrl) -> Self {
        Self(Arc::new(Inner {
            recorder: Box::new(recorder),
            host: org_url.host().into(),
            port: org_url.port_or_default(),
            authority: match org_url.port() {
                Some(port) => format!("{}:{port}", org_url.host()).into(),
                None => org_url.host().into(),
            },
            calls: SeriesCache::new(),
            requests: SeriesCache::new(),
            operations: SeriesCache::new(),
            buckets: SeriesCache::new(),
            concurrency: OnceLock::new(),
            tail_lag: OnceLock::new(),
        }))
    }

    /// Records how old the last event is that a tail of the System Log has returned, zero if the log has no further events
    /// ([`Instrument::TailLag`]).
    pub fn tail_lag(&self, age: Duration) {
        let make = || self.series(Instrument::TailLag, &[&self.0.host]);
        self.0.tail_lag.get_or_init(make).record(age.as_secs_f64());
    }

    /// Counts the access tokens that an authenticator requests ([`Instrument::TokenRefresh`]), if it is given to its
    /// [`observe_tokens`](okta_auth::Authenticator::observe_tokens). The default stack does so.
    #[must_use]
    pub fn token_observer(&self) -> TokenObserver {
        let metrics = self.clone();
        TokenObserver::new(move |event| metrics.token_refresh(event))
    }

    fn token_refresh(&self, event: TokenEvent) {
        let outcome = match event {
            TokenEvent::Renewed => "success",
            _ => "failed",
        };
        let key = (Instrument::TokenRefresh, Text(""), Text(outcome));
        let make = || self.series(Instrument::TokenRefresh, &[&self.0.host, outcome]);
        self.0.operations.get_or_make(key, make).record(1.0);
    }

    /// A call is over. `error` is what it failed with instead of ending with its response.
    pub(crate) fn call(
        &self,
        operation: Option<&'static Operation>,
        status: Option<StatusCode>,
        error: Option<&'static str>,
        attempts: u32,
        duration: Duration,
    ) {
        let outcome = error.unwrap_or(match status {
            Some(status) if is_refusal(status) => "refused",
            _ => "success",
        });
        let (operation, status_class) = (id_of(operation), class_of(status));
        let key = CallKey {
            operation: Text(operation),
            status_class: Text(status_class),
            outcome: Text(outcome),
        };
        let series = self.0.calls.get_or_make(key, || {
            let labels: [&str; 4] = [&self.0.host, operation, status_class, outcome];
            CallSeries {
                duration: self.series(Instrument::CallDuration, &labels),
                attempts: self.series(Instrument::CallAttempts, &labels),
            }
        });
        series.duration.record(duration.as_secs_f64());
        series.attempts.record(f64::from(attempts));
    }

    fn request(
        &self,
        sent: SentRequest,
        response: Option<(StatusCode, Version)>,
        error: Option<&'static str>,
        duration: Duration,
    ) {
        let SentRequest {
            operation,
            method,
            goes_elsewhere,
        } = sent;
        let operation = id_of(operation);
        let status = response.map(|(status, _)| status);
        let version = response.map_or("", |(_, version)| digits_of(version));
        let key = RequestKey {
            operation: Text(operation),
            method: Text(method),
            status,
            error: Text(error.unwrap_or_default()),
            version: Text(version),
            goes_elsewhere,
        };
        let series = self.0.requests.get_or_make(key, || {
            let port = self.0.port.to_string();
            let (host, port) = if goes_elsewhere {
                (OTHER, "")
            } else {
                (&*self.0.host, &*port)
            };
            let code = status.as_ref().map_or("", StatusCode::as_str);
            let refusal = if status.is_some_and(is_refusal) { code } else { "" };
            let error = error.unwrap_or(refusal);
            self.series(
                Instrument::RequestDuration,
                &[method, host, port, code, error, version, operation],
            )
        });
        series.record(duration.as_secs_f64());
    }

    /// Whether a request goes to another server than the org: then its address is not a label.
    fn goes_elsewhere(&self, uri: &Uri) -> bool {
        // Comparing the text costs a small part of comparing its parts.
        if uri
            .authority()
            .is_some_and(|authority| *authority.as_str() == *self.0.authority)
        {
            return false;
        }
        let port = uri
            .port_u16()
            .unwrap_or(if uri.scheme_str() == Some("http") { 80 } else { 443 });
        port != self.0.port || !uri.host().is_some_and(|host| host.eq_ignore_ascii_case(&self.0.host))
    }

    /// Counts an attempt until what is returned is dropped.
    pub(crate) fn attempt<B>(&self, request: &Request<B>) -> RunningAttempt {
        let make = || self.series(Instrument::Concurrency, &[&self.0.host]);
        self.0.concurrency.get_or_init(make).record(1.0);
        RunningAttempt {
            sent: SentRequest {
                operation: OperationRef::of(request.extensions()),
                method: name_of(request.method()),
                goes_elsewhere: self.goes_elsewhere(request.uri()),
            },
            metrics: self.clone(),
        }
    }

    pub(crate) fn cache(&self, operation: Option<&'static Operation>, is_hit: bool) {
        let instrument = if is_hit {
            Instrument::CacheHit
        } else {
            Instrument::CacheMiss
        };
        let operation = id_of(operation);
        let make = || self.series(instrument, &[&self.0.host, operation]);
        let key = (instrument, Text(operation), Text(""));
        self.0.operations.get_or_make(key, make).record(1.0);
    }

    pub(crate) fn retry(&self, operation: Option<&'static Operation>, reason: RetryReason, wait: Duration) {
        let reason = match reason {
            RetryReason::Failure => "failure",
            RetryReason::Refusal => "refusal",
            RetryReason::Busy => "busy",
        };
        let operation = id_of(operation);
        let make = || self.series(Instrument::RetryWait, &[&self.0.host, operation, reason]);
        let key = (Instrument::RetryWait, Text(operation), Text(reason));
        self.0.operations.get_or_make(key, make).record(wait.as_secs_f64());
    }

    pub(crate) fn rate_limit(&self, bucket: &str, rate_limit: RateLimit) {
        let series = self.bucket(bucket);
        series.limit.record(to_f64(rate_limit.limit));
        series.remaining.record(to_f64(rate_limit.remaining));
    }

    pub(crate) fn rate_limit_wait(&self, bucket: &str, wait: Duration) {
        self.bucket(bucket).wait.record(wait.as_secs_f64());
    }

    fn bucket(&self, bucket: &str) -> BucketSeries {
        let known = &self.0.buckets;
        if let Some(series) = known.get(bucket) {
            return series;
        }
        let bucket = if known.len() < MOST_BUCKETS { bucket } else { OTHER };
        if bucket == OTHER
            && let Some(series) = known.get(OTHER)
        {
            return series;
        }
        let labels = [&*self.0.host, bucket];
        let series = BucketSeries {
            limit: self.series(Instrument::RateLimitLimit, &labels),
            remaining: self.series(Instrument::RateLimitRemaining, &labels),
            wait: self.series(Instrument::RateLimitWait, &labels),
        };
        known.put(bucket.into(), series)
    }

    fn series(&self, instrument: Instrument, values: &[&str]) -> Series {
        let labels: Vec<_> = instrument
            .labels()
            .iter()
            .zip(values)
            .map(|(name, value)| Label { name, value })
            .collect();
        self.0.recorder.series(instrument, &labels)
    }
}

impl fmt::Debug for Metrics {
    /// Without the recorder, which is code of others.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Metrics")
            .field("server", &self.0.host)
            .finish_non_exhaustive()
    }
}

/// What the labels say of a request.
#[derive(Clone, Copy, Debug)]
struct SentRequest {
    operation: Option<&'static Operation>,
    method: &'static str,
    goes_elsewhere: bool,
}

/// An attempt that is counted as running.
#[derive(Debug)]
pub(crate) struct RunningAttempt {
    metrics: Metrics,
    sent: SentRequest,
}

impl RunningAttempt {
    /// The attempt is over, with the head of a response or an error.
    pub(crate) fn end(self, response: Option<(StatusCode, Version)>, error: Option<&'static str>, duration: Duration) {
        self.metrics.request(self.sent, response, error, duration);
    }
}

impl Drop for RunningAttempt {
    fn drop(&mut self) {
        if let Some(series) = self.metrics.0.concurrency.get() {
            series.record(-1.0);
        }
    }
}

fn is_refusal(status: StatusCode) -> bool {
    status.is_client_error() || status.is_server_error()
}

fn id_of(operation: Option<&'static Operation>) -> &'static str {
    operation.map_or(OTHER, |operation| operation.id)
}

fn class_of(status: Option<StatusCode>) -> &'static str {
    match status.map_or(0, |status| status.as_u16() / 100) {
        0 => "",
        1 => "1xx",
        2 => "2xx",
        3 => "3xx",
        4 => "4xx",
        5 => "5xx",
        _ => OTHER,
    }
}

/// A method of the server's own could be any text.
fn name_of(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::DELETE => "DELETE",
        Method::PATCH => "PATCH",
        Method::HEAD => "HEAD",
        Method::OPTIONS => "OPTIONS",
        Method::TRACE => "TRACE",
        Method::CONNECT => "CONNECT",
        _ => OTHER,
    }
}

fn digits_of(version: Version) -> &'static str {
    match version {
        Version::HTTP_09 => "0.9",
        Version::HTTP_10 => "1.0",
        Version::HTTP_11 => "1.1",
        Version::HTTP_2 => "2",
        Version::HTTP_3 => "3",
        _ => OTHER,
    }
}

/// Limits are far below what a float holds exactly.
#[expect(clippy::cast_precision_loss, reason = "numbers of requests a minute")]
const fn to_f64(requests: u64) -> f64 {
    requests as f64
}
