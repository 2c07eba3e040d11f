use std::{
    borrow::Cow,
    collections::HashMap,
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use http::{Extensions, Method, Uri};
use okta_auth::{Clock, Principal};

use super::{
    admission::Limits,
    bucket::Bucket,
    bucket_name::rate_limit_bucket,
    concurrency_limit::ConcurrencyLimit,
    fleet::{health::Health, lease::Lease, settings::Fleet, store::RateLimitKeys},
    mode::{RateLimitMode, RateLimitShare},
    recent_limits::RecentLimits,
};
use crate::{
    headers::rate_limit::RateLimit,
    request::{authenticator_override::principal_of, operation::OperationRef},
    time::clock::TokioClock,
};

/// So many buckets are remembered before those are forgotten whose window is over.
const MANY: usize = 1024;

type BucketFn = dyn Fn(&Method, &Uri, &Extensions) -> Cow<'static, str> + Send + Sync;

/// The state of the rate limits, by org, caller and bucket, and the requests that wait for them.
///
/// A clone is the same limiter. Put one under all clients of a process that call the same orgs: what the answers to one
/// tell, all know, and together they stay below the limit.
///
/// ```
/// use okta_transport::rate_limit::{RateLimitLayer, RateLimitMode, RateLimitShare, RateLimiter};
///
/// let limiter = RateLimiter::builder()
///     .mode(RateLimitMode::Pace(RateLimitShare::new(0.9)?))
///     .concurrency_limit(35)
///     .build();
/// let one = RateLimitLayer::new(limiter.clone());
/// let another = RateLimitLayer::new(limiter);
/// # Ok::<_, okta_transport::rate_limit::RateLimitShareError>(())
/// ```
#[derive(Clone)]
pub struct RateLimiter(Arc<Shared>);

struct Shared {
    settings: RateLimiterBuilder,
    callers: Mutex<Callers>,
    recent: RecentLimits,
}

/// The key of a caller: an org identifies callers by their credentials.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct CallerKey {
    /// Scheme, host and port.
    origin: String,
    principal: Option<Principal>,
}

/// What is known of the callers.
#[derive(Default)]
struct Callers {
    known: HashMap<CallerKey, CallerState>,
    /// Buckets of all callers, and callers without one.
    size: usize,
    /// The size at which those that are not used are forgotten.
    sweep_at: usize,
}

/// What is known of a caller.
#[derive(Default)]
struct CallerState {
    /// `None` until the first request, and if no concurrency limit is set.
    concurrency: Option<Arc<ConcurrencyLimit>>,
    buckets: HashMap<Cow<'static, str>, Arc<Bucket>>,
}

impl RateLimiter {
    /// A limiter with other settings than the defaults.
    pub fn builder() -> RateLimiterBuilder {
        RateLimiterBuilder {
            mode: RateLimitMode::default(),
            concurrency_limit: None,
            bucket: None,
            fleet: None,
            clock: Arc::new(TokioClock),
        }
    }

    /// A limiter with this mode, and defaults for the rest.
    #[must_use]
    pub fn new(mode: RateLimitMode) -> Self {
        Self::builder().mode(mode).build()
    }

    /// What is known of each bucket that has been used lately, in no particular order: for a dashboard, or a test.
    #[must_use]
    pub fn buckets(&self) -> Vec<RateLimitBucket> {
        let mut found = Vec::new();
        for (caller, known) in &self.callers().known {
            for bucket in known.buckets.values() {
                let (in_flight, waiting, concurrency) = bucket.load();
                found.push(RateLimitBucket {
                    origin: caller.origin.clone(),
                    principal: caller.principal.clone(),
                    name: bucket.name().clone(),
                    rate_limit: bucket.observed(),
                    in_flight,
                    waiting,
                    concurrency,
                });
            }
        }
        found
    }

    /// Gives permits that are reserved in the store of a [`Fleet`] and not used back to the other processes. Call it
    /// before the process ends; otherwise they wait until the permits expire, ten seconds at most.
    ///
    /// A limiter without a fleet does nothing. A store that does not work is ignored.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future leaves the remaining permits to expire.
    pub async fn release(&self) {
        let buckets: Vec<_> = {
            let callers = self.callers();
            let known = callers.known.values();
            known.flat_map(|known| known.buckets.values().cloned()).collect()
        };
        for bucket in buckets {
            bucket.release().await;
        }
    }

    pub(super) fn clock(&self) -> &Arc<dyn Clock> {
        &self.0.settings.clock
    }

    pub(super) fn limits(
        &self,
        method: &Method,
        uri: &Uri,
        extensions: &Extensions,
        principal: Option<&Principal>,
    ) -> Limits {
        let settings = &self.0.settings;
        if settings.mode == RateLimitMode::Off && settings.concurrency_limit.is_none() {
            return Limits {
                bucket: None,
                concurrency: None,
            };
        }
        let principal = principal_of(extensions, principal);
        // Your own names of buckets may depend on the whole request.
        let operation = OperationRef::of(extensions).filter(|_| settings.bucket.is_none());
        if let Some(operation) = operation
            && let Some(limits) = self.0.recent.get(operation, method, uri, principal)
        {
            return limits;
        }
        let limits = self.find(method, uri, extensions, principal);
        if let Some(operation) = operation {
            self.0.recent.put(operation, method, uri, principal, &limits);
        }
        limits
    }

    fn find(&self, method: &Method, uri: &Uri, extensions: &Extensions, principal: Option<&Principal>) -> Limits {
        let settings = &self.0.settings;
        let caller = CallerKey {
            origin: origin(uri),
            principal: principal.cloned(),
        };
        let name = (settings.mode != RateLimitMode::Off).then(|| settings.bucket(method, uri, extensions));
        let mut callers = self.callers();
        let limits = callers.limits(caller, name, settings);
        callers.evict_if_over();
        limits
    }

    fn callers(&self) -> MutexGuard<'_, Callers> {
        // Every change is whole before anything could panic.
        self.0.callers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Callers {
    fn limits(&mut self, caller: CallerKey, name: Option<Cow<'static, str>>, settings: &RateLimiterBuilder) -> Limits {
        let keys = |name: &str| RateLimitKeys::new(&caller.origin, caller.principal.as_ref(), name);
        // Only for a bucket that is new.
        let shared = match (&settings.fleet, &name) {
            (Some((fleet, health)), Some(name)) if !self.knows(&caller, name) => {
                Some(Lease::new(Arc::clone(fleet), Arc::clone(health), keys(name)))
            }
            _ => None,
        };
        let known = self.known.entry(caller).or_insert_with(|| {
            // Without buckets the caller itself is what is remembered.
            self.size += usize::from(name.is_none());
            CallerState {
                concurrency: settings
                    .concurrency_limit
                    .map(|limit| Arc::new(ConcurrencyLimit::new(limit))),
                buckets: HashMap::new(),
            }
        });
        let bucket = name.map(|name| match known.buckets.get(&name) {
            Some(bucket) => Arc::clone(bucket),
            None => {
                let clock = Arc::clone(&settings.clock);
                let bucket = Arc::new(match shared {
                    Some(lease) => Bucket::shared(name.clone(), clock, lease.concurrency(known.concurrency.clone())),
                    None => Bucket::new(name.clone(), settings.mode, clock),
                });
                known.buckets.insert(name, Arc::clone(&bucket));
                self.size += 1;
                bucket
            }
        });
        Limits {
            bucket,
            concurrency: known.concurrency.clone(),
        }
    }

    fn knows(&self, caller: &CallerKey, name: &str) -> bool {
        self.known
            .get(caller)
            .is_some_and(|known| known.buckets.contains_key(name))
    }

    /// Forgets what is not used and says nothing about the present any more.
    fn evict_if_over(&mut self) {
        if self.size <= MANY.max(self.sweep_at) {
            return;
        }
        self.size = 0;
        self.known.retain(|_, known| {
            known
                .buckets
                .retain(|_, bucket| Arc::strong_count(bucket) > 1 || bucket.observed().is_some());
            let is_used = known
                .concurrency
                .as_ref()
                .is_some_and(|concurrency| Arc::strong_count(concurrency) > 1);
            self.size += known.buckets.len().max(usize::from(is_used));
            is_used || !known.buckets.is_empty()
        });
        // So that buckets in use are not searched at each request.
        self.sweep_at = self.size.saturating_mul(2);
    }
}

/// Scheme, host and port, written in one way only. It is made for each request, so formatting would be noticed.
fn origin(uri: &Uri) -> String {
    let scheme = uri.scheme_str().unwrap_or("https");
    let host = uri.host().unwrap_or_default();
    let mut origin = String::with_capacity(scheme.len() + host.len() + "://:65535".len());
    origin.push_str(scheme);
    origin.push_str("://");
    origin.push_str(host);
    origin.make_ascii_lowercase();
    match uri.port_u16() {
        Some(port) => {
            origin.push(':');
            origin.push_str(&port.to_string());
        }
        None => origin.push_str(if scheme == "http" { ":80" } else { ":443" }),
    }
    origin
}

impl fmt::Debug for RateLimiter {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("RateLimiter")
            .field("mode", &self.0.settings.mode)
            .field("concurrency_limit", &self.0.settings.concurrency_limit)
            .field("buckets", &self.buckets())
            .finish_non_exhaustive()
    }
}

/// One bucket of one caller, as the limiter sees it: see [`RateLimiter::buckets`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RateLimitBucket {
    /// The scheme, host and port of the org.
    pub origin: String,
    /// Sets the caller.
    pub principal: Option<Principal>,
    /// The name of the bucket.
    pub name: Cow<'static, str>,
    /// Its window, if one is known that is open.
    pub rate_limit: Option<RateLimit>,
    /// How many requests are on their way.
    pub in_flight: u64,
    /// How many requests wait for the rate limit or the learned concurrency limit. Those that wait for the concurrency
    /// limit you have set are not counted.
    pub waiting: usize,
    /// How many requests the org carries out at once, as learned from its refusals; `None` until the first one.
    pub concurrency: Option<u64>,
}

/// Settings of a [`RateLimiter`].
#[derive(Clone)]
#[must_use]
pub struct RateLimiterBuilder {
    mode: RateLimitMode,
    concurrency_limit: Option<usize>,
    bucket: Option<Arc<BucketFn>>,
    fleet: Option<(Arc<Fleet>, Arc<Health>)>,
    clock: Arc<dyn Clock>,
}

impl RateLimiterBuilder {
    /// What to do with what is learned. [`RateLimitMode::Observe`] unless said otherwise.
    pub const fn mode(mut self, mode: RateLimitMode) -> Self {
        self.mode = mode;
        self
    }

    /// Sets how many requests of one caller to one org may run at once, from sending until the body of the response has
    /// been received, read or dropped. `None` and zero, the default, mean any number. It holds in every mode.
    ///
    /// Okta limits concurrent requests too, by licence, and refuses one too many with a 429 that reports a limit of 0.
    /// What it admits is learned from these refusals in every mode but [`RateLimitMode::Off`], so this setting is for
    /// those who know the limit, or want to leave a part of it to others.
    pub fn concurrency_limit(mut self, limit: impl Into<Option<usize>>) -> Self {
        self.concurrency_limit = limit.into().filter(|limit| *limit > 0);
        self
    }

    /// Shares the limits with other processes. It replaces the mode: the fleet as a whole keeps within each limit.
    ///
    /// Requests then wait for permits of the fleet's store, which a tokio runtime has to fetch: without a runtime, and
    /// while the store does not work, the process keeps to a static share of each limit. No request fails because of the
    /// store.
    pub fn fleet(mut self, fleet: Fleet) -> Self {
        self.concurrency_limit = fleet.concurrency_of(None).or(self.concurrency_limit);
        self.fleet = Some((Arc::new(fleet), Arc::default()));
        self.mode = RateLimitMode::Pace(RateLimitShare::ALL);
        self
    }

    /// Names the bucket of a request instead of [`rate_limit_bucket`], to which it may leave the rest. A name should
    /// stand for many requests, so leave ids out.
    ///
    /// ```
    /// use http::{Extensions, Method, Uri};
    /// use okta_transport::rate_limit::{RateLimiter, rate_limit_bucket};
    ///
    /// let limiter = RateLimiter::builder()
    ///     .buckets(|method: &Method, uri: &Uri, _: &Extensions| match uri.path() {
    ///         path if path.starts_with("/api/v1/brands") => "/api/v1/brands".into(),
    ///         path => rate_limit_bucket(method, path).into(),
    ///     })
    ///     .build();
    /// ```
    pub fn buckets(
        mut self,
        name: impl Fn(&Method, &Uri, &Extensions) -> Cow<'static, str> + Send + Sync + 'static,
    ) -> Self {
        self.bucket = Some(Arc::new(name));
        self
    }

    /// Takes the time from this clock instead of tokio's.
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    /// A limiter that knows nothing yet.
    #[must_use]
    pub fn build(self) -> RateLimiter {
        RateLimiter(Arc::new(Shared {
            settings: self,
            callers: Mutex::default(),
            recent: RecentLimits::default(),
        }))
    }

    fn bucket(&self, method: &Method, uri: &Uri, extensions: &Extensions) -> Cow<'static, str> {
        match &self.bucket {
            Some(bucket) => bucket(method, uri, extensions),
            None => {
                let operation = OperationRef::of(extensions);
                rate_limit_bucket(
                    method,
                    operation.map_or(uri.path(), |operation| operation.path_template),
                )
                .into()
            }
        }
    }
}

impl fmt::Debug for RateLimiterBuilder {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("RateLimiterBuilder")
            .field("mode", &self.mode)
            .field("concurrency_limit", &self.concurrency_limit)
            .field("fleet", &self.fleet.as_ref().map(|(fleet, _)| fleet))
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limits(limiter: &RateLimiter, caller: &str) -> Limits {
        let principal = Principal::new("test", caller);
        let uri = Uri::from_static("https://acme.okta.com/api/v1/users");
        limiter.limits(&Method::GET, &uri, &Extensions::new(), Some(&principal))
    }

    #[test]
    fn f17_callers_are_forgotten_in_every_mode_unless_their_permits_are_used() {
        for mode in [RateLimitMode::Off, RateLimitMode::Observe] {
            let limiter = RateLimiter::builder().mode(mode).concurrency_limit(1).build();
            let used = limits(&limiter, "used");
            let concurrency = used.concurrency.as_ref().unwrap();
            let _permit = concurrency.try_take().unwrap();
            for caller in 0..10 * MANY {
                limits(&limiter, &caller.to_string());
            }
            assert!(limiter.callers().known.len() <= MANY + 1, "{mode:?}");
            let again = limits(&limiter, "used").concurrency.unwrap();
            assert!(Arc::ptr_eq(concurrency, &again), "a limit is forgotten that is used");
        }
    }

    #[test]
    fn f17_callers_that_are_used_are_not_looked_through_each_time() {
        let limiter = RateLimiter::builder()
            .mode(RateLimitMode::Off)
            .concurrency_limit(1)
            .build();
        let used: Vec<_> = (0..4 * MANY)
            .map(|caller| limits(&limiter, &caller.to_string()))
            .collect();
        let callers = limiter.callers();
        assert_eq!(callers.known.len(), used.len());
        assert!(callers.sweep_at >= 2 * MANY, "{}", callers.sweep_at);
    }

    #[test]
    fn an_origin_is_written_in_one_way() {
        for (uri, expected) in [
            ("https://ACME.okta.com/api", "https://acme.okta.com:443"),
            ("http://acme.okta.com", "http://acme.okta.com:80"),
            ("https://acme.okta.com:8443/", "https://acme.okta.com:8443"),
            ("https://user:canary@[::1]:443/", "https://[::1]:443"),
            ("/api/v1/users", "https://:443"),
        ] {
            assert_eq!(origin(&uri.parse().unwrap()), expected);
        }
    }
}
