use std::{sync::Arc, time::Duration};

use okta_auth::{Clock, Principal, SharedAuthenticator};

use super::shared_store::SharedCacheStore;
use crate::time::clock::TokioClock;

/// How a cache works, apart from what is on its way.
#[derive(Clone, Debug)]
pub(super) struct Settings {
    pub(super) store: SharedCacheStore,
    pub(super) principal: Principal,
    /// Where the scopes of the principal come from.
    pub(super) authenticator: Option<SharedAuthenticator>,
    /// How long a response may be used.
    pub(super) time_to_live: Duration,
    /// How long a response with an `ETag` is cached beyond that.
    pub(super) revalidate_for: Duration,
    /// How many bytes the body of a response may have.
    pub(super) max_body: usize,
    /// How long the store may take.
    pub(super) store_timeout: Duration,
    /// How long one call waits for another one that has its response but does not read it.
    pub(super) single_flight_timeout: Duration,
    /// Whether a response's own `Cache-Control` counts.
    pub(super) respect_cache_control: bool,
    pub(super) excluded: Vec<Box<str>>,
    pub(super) clock: Arc<dyn Clock>,
}

impl Settings {
    pub(super) fn new(store: SharedCacheStore, principal: Principal) -> Self {
        Self {
            store,
            principal,
            authenticator: None,
            time_to_live: Duration::from_secs(300),
            revalidate_for: Duration::from_secs(300),
            max_body: 2 * 1024 * 1024,
            store_timeout: Duration::from_millis(250),
            single_flight_timeout: Duration::from_secs(5),
            respect_cache_control: false,
            excluded: Vec::new(),
            clock: Arc::new(TokioClock),
        }
    }

    /// How long anything that was cached can be used, in whatever way.
    pub(super) fn longest_life(&self) -> Duration {
        self.time_to_live.saturating_add(self.revalidate_for)
    }
}
