//! What a store of shared rate limits does, and what it is asked.

use std::{fmt, future::Future, sync::Arc, time::Duration};

use okta_auth::{BoxFuture, Principal};
use sha2::{Digest, Sha256};
use tower::BoxError;

use crate::headers::rate_limit::RateLimit;

/// A store in which several processes keep to Okta's rate limits together.
///
/// Okta counts a request twice: in the bucket of the org, and in the part of that bucket which one token or application may
/// use. So a request needs a permit of both scopes, which [`RateLimitKeys`] names. A process [reserves](Self::reserve)
/// several permits at a time and sends requests with them without asking again; with each call it reports what it holds
/// and what Okta's responses have said ([`PeerUsage`]). All its figures are absolute, so a repeated call does no harm.
///
/// The store counts a permit as outstanding until its process reports it as used or given back, or is not heard of
/// any more, and grants no more than what Okta has reported as remaining, less all that is outstanding, less what is left to
/// other applications ([`ReserveRequest`]). It measures time by its own clock: processes pass durations.
///
/// `okta-fleet` implements it in Redis, in Postgres, and in memory. Implement it yourself for another store; an
/// `Arc<T>` of a store is a store.
///
/// # Cancel safety
///
/// The limiter drops a future that takes longer than [`Fleet::store_timeout`](crate::rate_limit::Fleet::store_timeout).
/// Permits that were granted by then expire unused.
pub trait RateLimitStore: Send + Sync + 'static {
    /// Takes note of the usage of a process, then grants it up to `request.wanted` permits, or says when to ask again.
    ///
    /// # Errors
    ///
    /// Any failure of the store. No request fails because of it: the process keeps to a static share until the store works
    /// again.
    fn reserve(
        &self,
        keys: &RateLimitKeys,
        usage: &PeerUsage,
        request: ReserveRequest,
    ) -> impl Future<Output = Result<Reservation, BoxError>> + Send;

    /// Takes note of the usage of a process that wants no permits, for example because it gives unused ones back.
    ///
    /// # Errors
    ///
    /// As for [`reserve`](Self::reserve).
    fn observe(&self, keys: &RateLimitKeys, usage: &PeerUsage) -> impl Future<Output = Result<(), BoxError>> + Send;
}

impl<S: RateLimitStore> RateLimitStore for Arc<S> {
    fn reserve(
        &self,
        keys: &RateLimitKeys,
        usage: &PeerUsage,
        request: ReserveRequest,
    ) -> impl Future<Output = Result<Reservation, BoxError>> + Send {
        (**self).reserve(keys, usage, request)
    }

    fn observe(&self, keys: &RateLimitKeys, usage: &PeerUsage) -> impl Future<Output = Result<(), BoxError>> + Send {
        (**self).observe(keys, usage)
    }
}

/// Any [`RateLimitStore`], without its type. A clone is the same store.
#[derive(Clone)]
pub struct SharedRateLimitStore(Arc<dyn ErasedStore>);

impl SharedRateLimitStore {
    /// Takes the store, or an `Arc` of one whose handle you keep.
    pub fn new(store: impl RateLimitStore) -> Self {
        Self(Arc::new(store))
    }

    pub(super) async fn reserve(
        &self,
        keys: &RateLimitKeys,
        usage: &PeerUsage,
        request: ReserveRequest,
    ) -> Result<Reservation, BoxError> {
        self.0.reserve(keys, usage, request).await
    }

    pub(super) async fn observe(&self, keys: &RateLimitKeys, usage: &PeerUsage) -> Result<(), BoxError> {
        self.0.observe(keys, usage).await
    }
}

impl<S: RateLimitStore> From<S> for SharedRateLimitStore {
    fn from(store: S) -> Self {
        Self::new(store)
    }
}

impl fmt::Debug for SharedRateLimitStore {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("SharedRateLimitStore").finish_non_exhaustive()
    }
}

/// [`RateLimitStore`] as an object.
trait ErasedStore: Send + Sync {
    fn reserve<'a>(
        &'a self,
        keys: &'a RateLimitKeys,
        usage: &'a PeerUsage,
        request: ReserveRequest,
    ) -> BoxFuture<'a, Result<Reservation, BoxError>>;

    fn observe<'a>(&'a self, keys: &'a RateLimitKeys, usage: &'a PeerUsage) -> BoxFuture<'a, Result<(), BoxError>>;
}

impl<S: RateLimitStore> ErasedStore for S {
    fn reserve<'a>(
        &'a self,
        keys: &'a RateLimitKeys,
        usage: &'a PeerUsage,
        request: ReserveRequest,
    ) -> BoxFuture<'a, Result<Reservation, BoxError>> {
        Box::pin(RateLimitStore::reserve(self, keys, usage, request))
    }

    fn observe<'a>(&'a self, keys: &'a RateLimitKeys, usage: &'a PeerUsage) -> BoxFuture<'a, Result<(), BoxError>> {
        Box::pin(RateLimitStore::observe(self, keys, usage))
    }
}

/// Names the two scopes in which a request is counted: org and bucket; and org, caller and bucket.
///
/// There is no secret inside: the caller is a SHA-256 digest.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct RateLimitKeys {
    org: Box<str>,
    principal: Box<str>,
    bucket: Box<str>,
}

impl RateLimitKeys {
    /// The scopes of requests of `principal` to the org at this origin, in this bucket.
    #[must_use]
    pub fn new(origin: &str, principal: Option<&Principal>, bucket: &str) -> Self {
        use fmt::Write;

        let digest = Sha256::digest(principal.map_or("", Principal::as_str));
        let mut hashed = String::with_capacity(32);
        for byte in digest.iter().take(16) {
            // Writing to a `String` cannot fail.
            let _ = write!(hashed, "{byte:02x}");
        }
        Self {
            org: origin.into(),
            principal: hashed.into(),
            bucket: bucket.into(),
        }
    }

    /// Scheme, host and port of the org.
    #[must_use]
    pub fn org(&self) -> &str {
        &self.org
    }

    /// The digest of the caller: 32 hexadecimal digits.
    #[must_use]
    pub fn principal(&self) -> &str {
        &self.principal
    }

    /// The name of the bucket.
    #[must_use]
    pub fn bucket(&self) -> &str {
        &self.bucket
    }
}

/// What one process holds of one bucket, and what it has learned since its last report.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct PeerUsage {
    /// The process, or rather its limiter's bucket: a random number that stays the same.
    pub peer: u64,
    /// Permits that it holds and has not used.
    pub unused: u64,
    /// Requests that are on their way, and those that may arrive yet.
    pub in_flight: u64,
    /// Requests of its present window that it has sent, as far as it knows.
    pub sent: u64,
    /// The reported end of that window, in seconds since 1970-01-01T00:00:00Z; zero if it knows none.
    pub window: u64,
    /// Whether it has sent requests without the store since its last report, because the store did not work.
    pub was_alone: bool,
    /// What responses have reported since the last report: the newest window of each limit, with the lowest figure. All
    /// requests that have ended are included in it.
    pub observations: Vec<WindowObservation>,
    /// Whether responses came without rate-limit headers, and none with them.
    pub is_unlimited: bool,
}

impl PeerUsage {
    /// A process that holds nothing and has learned nothing.
    #[must_use]
    pub const fn new(peer: u64) -> Self {
        Self {
            peer,
            unused: 0,
            in_flight: 0,
            sent: 0,
            window: 0,
            was_alone: false,
            observations: Vec::new(),
            is_unlimited: false,
        }
    }

    /// Sets how many permits are unused, and how many requests are in flight.
    #[must_use]
    pub const fn holding(mut self, unused: u64, in_flight: u64) -> Self {
        self.unused = unused;
        self.in_flight = in_flight;
        self
    }

    /// Sets how many requests of the window with this end were sent, and whether without the store.
    #[must_use]
    pub const fn having_sent(mut self, sent: u64, window: u64, was_alone: bool) -> Self {
        self.sent = sent;
        self.window = window;
        self.was_alone = was_alone;
        self
    }

    /// Adds an observation.
    #[must_use]
    pub fn observing(mut self, observation: WindowObservation) -> Self {
        self.observations.push(observation);
        self
    }
}

/// What a response reported about its window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct WindowObservation {
    /// The three headers. The limit distinguishes the scopes: that of a caller is a part of that of the org.
    pub rate_limit: RateLimit,
    /// The second in which the server wrote it (`Date`), since 1970-01-01T00:00:00Z.
    pub written: Option<u64>,
    /// How long the window was open from then on, by the server's own clock.
    pub resets_in: Duration,
    /// How long ago the response was received.
    pub age: Duration,
}

impl WindowObservation {
    /// A response that was received just now.
    #[must_use]
    pub const fn new(rate_limit: RateLimit, written: Option<u64>, resets_in: Duration) -> Self {
        Self {
            rate_limit,
            written,
            resets_in,
            age: Duration::ZERO,
        }
    }
}

/// How many permits a process wants, and what is left to other applications.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct ReserveRequest {
    /// At most so many permits.
    pub wanted: u64,
    /// The share of the org's bucket that other applications may use, from 0 to 1.
    pub reserve_share: f64,
    /// So many requests of the org's bucket stay unused at any time.
    pub reserve_floor: u64,
    /// The share of the org's bucket that one caller may use, if it is known: it gives the org's limit when responses
    /// report only that of the caller.
    pub principal_share: Option<f64>,
    /// How many processes there are at least, or zero.
    pub processes: u64,
}

impl ReserveRequest {
    /// Asks for so many permits, and leaves nothing to other applications.
    #[must_use]
    pub const fn new(wanted: u64) -> Self {
        Self {
            wanted,
            reserve_share: 0.0,
            reserve_floor: 0,
            principal_share: None,
            processes: 0,
        }
    }

    /// Sets how many processes there are at least.
    #[must_use]
    pub const fn processes(mut self, processes: u64) -> Self {
        self.processes = processes;
        self
    }

    /// Sets what is left to other applications.
    #[must_use]
    pub const fn reserve(mut self, share: f64, floor: u64) -> Self {
        self.reserve_share = share;
        self.reserve_floor = floor;
        self
    }

    /// Sets the share of a caller.
    #[must_use]
    pub const fn principal_share(mut self, share: Option<f64>) -> Self {
        self.principal_share = share;
        self
    }
}

/// The reply of a store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Reservation {
    /// What the process may do.
    pub decision: Decision,
    /// The size of the fleet.
    pub fleet: FleetSize,
}

impl Reservation {
    /// A reply.
    #[must_use]
    pub const fn new(decision: Decision, fleet: FleetSize) -> Self {
        Self { decision, fleet }
    }
}

/// What a process may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Decision {
    /// It may send so many requests within this time, counted from when it asked.
    Granted {
        /// How many, at least one.
        permits: u64,
        /// For how long.
        lasts: Duration,
        /// When these are used, there is nothing to ask for within this time, counted from when it asked.
        next: Duration,
        /// Whether that is because these are the last of the window.
        used_up: bool,
    },
    /// The state of the window is unknown, and this process finds it out: it may send one request within this time, and
    /// is to report the response at once. The others wait that long at most.
    Probe {
        /// For how long it has the right to.
        lasts: Duration,
    },
    /// Nothing is available now; something may be in this time, because another process learns the state of the window, or
    /// gives permits back.
    AskAgain {
        /// When to ask again.
        retry_in: Duration,
    },
    /// The window is used up.
    UsedUp {
        /// When the next window opens.
        opens_in: Duration,
    },
}

/// How many processes there are, for the static share without a store.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct FleetSize {
    /// Processes that have been heard of lately in this bucket of the org.
    pub org_peers: u64,
    /// Those of them with the same caller.
    pub principal_peers: u64,
    /// The limit of the org's bucket, if it is known.
    pub org_limit: Option<u64>,
}

impl FleetSize {
    /// A size.
    #[must_use]
    pub const fn new(org_peers: u64, principal_peers: u64, org_limit: Option<u64>) -> Self {
        Self {
            org_peers,
            principal_peers,
            org_limit,
        }
    }
}
