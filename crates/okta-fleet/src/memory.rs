use std::{
    collections::HashMap,
    fmt,
    future::{Future, ready},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Instant,
};

use okta_auth::Clock;
use okta_transport::{
    BoxError,
    rate_limit::{PeerUsage, RateLimitKeys, RateLimitStore, Reservation, ReserveRequest},
};

use crate::ledger::{Caller, Ledger, Org, millis};

/// So many scopes are remembered before those are forgotten whose window is over.
const MANY: usize = 4096;

/// Rate limits of several limiters of one process, and for tests: a store without a server.
///
/// A clone is the same store.
///
/// ```
/// use std::sync::Arc;
///
/// use okta_fleet::MemoryRateLimitStore;
/// use okta_transport::rate_limit::{Fleet, RateLimiter};
///
/// # fn example(clock: Arc<dyn okta_auth::Clock>) {
/// let store = MemoryRateLimitStore::new(clock);
/// let one = RateLimiter::builder().fleet(Fleet::new(store.clone())).build();
/// let another = RateLimiter::builder().fleet(Fleet::new(store)).build();
/// # }
/// ```
#[derive(Clone)]
pub struct MemoryRateLimitStore(Arc<Shared>);

struct Shared {
    clock: Arc<dyn Clock>,
    begun: Instant,
    scopes: Mutex<Scopes>,
}

#[derive(Default)]
struct Scopes {
    orgs: HashMap<(Box<str>, Box<str>), Org>,
    callers: HashMap<RateLimitKeys, Caller>,
}

impl MemoryRateLimitStore {
    /// An empty store that takes the time from this clock.
    #[must_use]
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self(Arc::new(Shared {
            begun: clock.now(),
            clock,
            scopes: Mutex::default(),
        }))
    }

    fn scopes(&self) -> MutexGuard<'_, Scopes> {
        self.0.scopes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn change<T>(&self, keys: &RateLimitKeys, change: impl FnOnce(i64, &mut Ledger) -> T) -> T {
        // The first moment is not zero, which stands for "never".
        let now = millis(self.0.clock.now().saturating_duration_since(self.0.begun)).saturating_add(1);
        let mut scopes = self.scopes();
        if scopes.callers.len() >= MANY {
            scopes.orgs.retain(|_, org| org.is_open(now));
            scopes.callers.retain(|_, caller| caller.is_open(now));
        }
        let org = (Box::from(keys.org()), Box::from(keys.bucket()));
        let mut ledger = Ledger {
            org: scopes.orgs.get(&org).cloned().unwrap_or_default(),
            caller: scopes.callers.get(keys).cloned().unwrap_or_default(),
        };
        let result = change(now, &mut ledger);
        scopes.orgs.insert(org, ledger.org);
        scopes.callers.insert(keys.clone(), ledger.caller);
        result
    }
}

impl RateLimitStore for MemoryRateLimitStore {
    fn reserve(
        &self,
        keys: &RateLimitKeys,
        usage: &PeerUsage,
        request: ReserveRequest,
    ) -> impl Future<Output = Result<Reservation, BoxError>> + Send {
        ready(Ok(
            self.change(keys, |now, ledger| ledger.reserve(now, keys, usage, &request))
        ))
    }

    fn observe(&self, keys: &RateLimitKeys, usage: &PeerUsage) -> impl Future<Output = Result<(), BoxError>> + Send {
        self.change(keys, |now, ledger| ledger.observe(now, keys, usage, None));
        ready(Ok(()))
    }
}

impl fmt::Debug for MemoryRateLimitStore {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("MemoryRateLimitStore").finish_non_exhaustive()
    }
}
