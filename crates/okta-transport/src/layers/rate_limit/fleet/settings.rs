use std::time::Duration;

use super::store::{ReserveRequest, SharedRateLimitStore};
use crate::layers::rate_limit::mode::RateLimitShare;

/// The settings of a process that shares its rate limits with others: see
/// [`RateLimiterBuilder::fleet`](crate::rate_limit::RateLimiterBuilder::fleet).
///
/// All processes of a fleet should have the same settings.
///
/// ```
/// use okta_transport::rate_limit::{Fleet, RateLimitShare, RateLimitStore, RateLimiter};
///
/// # fn example(store: impl RateLimitStore) -> Result<RateLimiter, Box<dyn std::error::Error>> {
/// let fleet = Fleet::new(store)
///     .reserve(RateLimitShare::new(0.3)?, 10)
///     .principal_share(RateLimitShare::new(0.5)?)
///     .processes(8);
/// let limiter = RateLimiter::builder().fleet(fleet).build();
/// # Ok(limiter)
/// # }
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct Fleet {
    pub(in crate::layers::rate_limit) store: SharedRateLimitStore,
    reserve_share: f64,
    reserve_floor: u64,
    principal_share: Option<f64>,
    pub(super) processes: Option<u64>,
    pub(super) store_timeout: Duration,
    pub(super) largest_lease: u64,
    pub(in crate::layers::rate_limit) concurrency_limit: Option<usize>,
}

impl Fleet {
    /// Shares the limits in this store.
    pub fn new(store: impl Into<SharedRateLimitStore>) -> Self {
        Self {
            store: store.into(),
            reserve_share: 1.0 / 30.0,
            reserve_floor: 1,
            principal_share: None,
            processes: None,
            store_timeout: Duration::from_millis(250),
            largest_lease: 256,
            concurrency_limit: None,
        }
    }

    /// Leaves a share of the org's bucket to other applications, and so many requests of it unused at any time. Defaults
    /// to a thirtieth, and one request.
    ///
    /// What others are seen to have used of their share counts, so that the fleet gets the rest of the window in full.
    pub const fn reserve(mut self, share: RateLimitShare, floor: u64) -> Self {
        self.reserve_share = share.get();
        self.reserve_floor = floor;
        self
    }

    /// Sets which share of a bucket one token or application may use in this org. Defaults to "unknown": the first limit
    /// that is reported counts as that of the whole org, until a response reports a larger one.
    ///
    /// Okta's usual value is 0.5. Responses report only the scope that is used up first, so with this setting the fleet
    /// knows the org's limit from the first response on. Do not set it if an administrator has changed the share.
    pub const fn principal_share(mut self, share: RateLimitShare) -> Self {
        self.principal_share = Some(share.get());
        self
    }

    /// Sets how many processes there are, for the static share that each keeps to while the store does not work. Defaults
    /// to the number that the store reported last, or 1.
    pub const fn processes(mut self, processes: u64) -> Self {
        self.processes = Some(processes);
        self
    }

    /// Sets how long a call of the store may take. Defaults to 250 milliseconds. A slower one counts as failed.
    /// Until a call has succeeded, it may take four times as long, because it opens the connection.
    pub const fn store_timeout(mut self, timeout: Duration) -> Self {
        self.store_timeout = timeout;
        self
    }

    /// Sets how many permits the process reserves at once, at most. Defaults to 256. It reserves as many as it has used
    /// lately.
    pub const fn largest_lease(mut self, permits: u64) -> Self {
        self.largest_lease = if permits == 0 { 1 } else { permits };
        self
    }

    /// Sets how many requests of the whole fleet may run at once. Defaults to any number.
    ///
    /// Each process gets an equal part, at least one. The part follows the number of processes that the store reports; a
    /// process that is not heard of for 15 seconds does not count any more.
    pub fn concurrency_limit(mut self, limit: impl Into<Option<usize>>) -> Self {
        self.concurrency_limit = limit.into().filter(|limit| *limit > 0);
        self
    }

    /// The part of one of so many processes.
    pub(in crate::layers::rate_limit) fn concurrency_of(&self, processes: Option<u64>) -> Option<usize> {
        let processes = processes.or(self.processes).unwrap_or(1).max(1);
        let processes = usize::try_from(processes).unwrap_or(usize::MAX);
        self.concurrency_limit.map(|limit| (limit / processes).max(1))
    }

    pub(super) const fn request(&self, wanted: u64) -> ReserveRequest {
        ReserveRequest::new(wanted)
            .reserve(self.reserve_share, self.reserve_floor)
            .principal_share(self.principal_share)
            .processes(match self.processes {
                Some(processes) => processes,
                None => 0,
            })
    }

    pub(super) const fn reserve_share(&self) -> f64 {
        self.reserve_share
    }

    pub(super) const fn reserve_floor(&self) -> u64 {
        self.reserve_floor
    }
}
