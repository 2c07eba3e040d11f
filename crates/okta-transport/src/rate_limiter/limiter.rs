use std::{
    borrow::Cow,
    collections::HashMap,
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use http::{Extensions, Method, Uri};
use okta_auth::Principal;
use tokio::sync::Semaphore;

use super::{RateLimitMode, bucket::Bucket, buckets::rate_limit_bucket};
use crate::{Clock, OperationRef, RateLimit, TokioClock, principal_of};

/// So many buckets are remembered before those are forgotten whose window is over.
const MANY: usize = 1024;

type BucketFn = dyn Fn(&Method, &Uri, &Extensions) -> Cow<'static, str> + Send + Sync;

/// What is known of the rate limits, by org, caller and bucket, and who waits for them.
///
/// A clone is the same limiter. Put one under all clients of a process that call the same orgs: what the answers to one
/// tell, all know, and together they stay below the limit.
///
/// ```
/// use okta_transport::{RateLimitMode, RateLimitShare, RateLimiter, RateLimiterLayer};
///
/// let limiter = RateLimiter::builder()
///     .mode(RateLimitMode::Pace(RateLimitShare::new(0.9)?))
///     .concurrency_limit(35)
///     .build();
/// let one = RateLimiterLayer::new(limiter.clone());
/// let another = RateLimiterLayer::new(limiter);
/// # Ok::<_, okta_transport::RateLimitShareError>(())
/// ```
#[derive(Clone)]
pub struct RateLimiter(Arc<Shared>);

struct Shared {
    settings: RateLimiterBuilder,
    callers: Mutex<HashMap<Caller, Known>>,
}

/// Whom Okta counts together: an org knows a caller by its credentials.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Caller {
    /// Scheme, host and port.
    origin: String,
    principal: Option<Principal>,
}

/// What is known of a caller.
#[derive(Default)]
struct Known {
    /// Absent until somebody wants one, and where there is no ceiling.
    ceiling: Option<Arc<Semaphore>>,
    buckets: HashMap<Cow<'static, str>, Arc<Bucket>>,
}

/// Where a request has to line up.
pub(super) struct Lanes {
    /// `None` where the limiter is off.
    pub(super) bucket: Option<Arc<Bucket>>,
    pub(super) ceiling: Option<Arc<Semaphore>>,
}

impl RateLimiter {
    /// A limiter with other settings than the defaults.
    pub fn builder() -> RateLimiterBuilder {
        RateLimiterBuilder {
            mode: RateLimitMode::default(),
            concurrency_limit: None,
            bucket: None,
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
        for (caller, known) in &*self.callers() {
            for bucket in known.buckets.values() {
                let (in_flight, waiting) = bucket.load();
                found.push(RateLimitBucket {
                    origin: caller.origin.clone(),
                    principal: caller.principal.clone(),
                    name: bucket.name().clone(),
                    rate_limit: bucket.told(),
                    in_flight,
                    waiting,
                });
            }
        }
        found
    }

    pub(super) fn clock(&self) -> &Arc<dyn Clock> {
        &self.0.settings.clock
    }

    pub(super) fn lanes(
        &self,
        method: &Method,
        uri: &Uri,
        extensions: &Extensions,
        principal: Option<&Principal>,
    ) -> Lanes {
        let settings = &self.0.settings;
        if settings.mode == RateLimitMode::Off && settings.concurrency_limit.is_none() {
            return Lanes {
                bucket: None,
                ceiling: None,
            };
        }
        let caller = Caller {
            origin: origin(uri),
            principal: principal_of(extensions, principal).cloned(),
        };
        let name = (settings.mode != RateLimitMode::Off).then(|| settings.bucket(method, uri, extensions));
        let mut callers = self.callers();
        let known = callers.entry(caller).or_default();
        let ceiling = settings.concurrency_limit.map(|limit| {
            let ceiling = known.ceiling.get_or_insert_with(|| Arc::new(Semaphore::new(limit)));
            Arc::clone(ceiling)
        });
        let Some(name) = name else {
            return Lanes { bucket: None, ceiling };
        };
        if let Some(bucket) = known.buckets.get(&name) {
            let bucket = Some(Arc::clone(bucket));
            return Lanes { bucket, ceiling };
        }
        let bucket = Arc::new(Bucket::new(name.clone(), settings.mode, Arc::clone(&settings.clock)));
        known.buckets.insert(name, Arc::clone(&bucket));
        forget_if_many(&mut callers);
        let bucket = Some(bucket);
        Lanes { bucket, ceiling }
    }

    fn callers(&self) -> MutexGuard<'_, HashMap<Caller, Known>> {
        // Every change is whole before anything could panic.
        self.0.callers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Drops what nobody uses and what says nothing about the present any more.
fn forget_if_many(callers: &mut HashMap<Caller, Known>) {
    if callers.values().map(|known| known.buckets.len()).sum::<usize>() <= MANY {
        return;
    }
    for known in callers.values_mut() {
        known
            .buckets
            .retain(|_, bucket| Arc::strong_count(bucket) > 1 || bucket.told().is_some());
    }
    callers.retain(|_, known| {
        let used = |ceiling: &Arc<Semaphore>| Arc::strong_count(ceiling) > 1;
        !known.buckets.is_empty() || known.ceiling.as_ref().is_some_and(used)
    });
}

/// Scheme, host and port, written in one way only.
fn origin(uri: &Uri) -> String {
    let scheme = uri.scheme_str().unwrap_or("https");
    let host = uri.host().unwrap_or_default().to_ascii_lowercase();
    let port = uri.port_u16().unwrap_or(if scheme == "http" { 80 } else { 443 });
    format!("{scheme}://{host}:{port}")
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
    /// Who calls.
    pub principal: Option<Principal>,
    /// The name of the bucket.
    pub name: Cow<'static, str>,
    /// Its window, if one is known that is open.
    pub rate_limit: Option<RateLimit>,
    /// How many requests are on their way. Those sent two windows ago and more are left out.
    pub in_flight: u64,
    /// How many requests wait.
    pub waiting: usize,
}

/// Settings of a [`RateLimiter`].
#[derive(Clone)]
#[must_use]
pub struct RateLimiterBuilder {
    mode: RateLimitMode,
    concurrency_limit: Option<usize>,
    bucket: Option<Arc<BucketFn>>,
    clock: Arc<dyn Clock>,
}

impl RateLimiterBuilder {
    /// What to do with what is learned. [`RateLimitMode::Observe`] unless said otherwise.
    pub const fn mode(mut self, mode: RateLimitMode) -> Self {
        self.mode = mode;
        self
    }

    /// How many requests of one caller to one org may run at once, from sending until the body of the response has been
    /// read or dropped. `None` and zero, the default, mean any number. It holds in every mode.
    ///
    /// Okta limits it too, by licence; its answer to one too many is 429 with a limit of zero or of the number of requests.
    pub fn concurrency_limit(mut self, limit: impl Into<Option<usize>>) -> Self {
        self.concurrency_limit = limit
            .into()
            .filter(|limit| *limit > 0)
            .map(|limit| limit.min(Semaphore::MAX_PERMITS));
        self
    }

    /// Names the bucket of a request instead of [`rate_limit_bucket`], to which it may leave the rest. A name should stand
    /// for many requests, so leave ids out.
    ///
    /// ```
    /// use http::{Extensions, Method, Uri};
    /// use okta_transport::{RateLimiter, rate_limit_bucket};
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
            .finish_non_exhaustive()
    }
}
