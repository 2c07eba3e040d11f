use std::{fmt, time::Duration};

use moka::sync::Cache;
use okta_config::CacheConfig;
use tower::BoxError;

use super::{
    key::CacheKey,
    store::{CacheLookup, CacheStore, VersionToken},
    tag::Tag,
    value::CacheValue,
};

/// Caches responses in the memory of this process, up to a number of bytes.
///
/// The least used responses are evicted first. It stores a response for at most 600 seconds and for 300 seconds
/// after it was last asked for, by moka's own clock; up to what age a response may be used is for the
/// [`CacheLayer`](crate::cache::CacheLayer) to say.
///
/// ```
/// use std::time::Duration;
/// use okta_transport::cache::MokaStore;
///
/// let store = MokaStore::new().max_bytes(16 * 1024 * 1024).time_to_idle(Duration::from_secs(60));
/// ```
///
/// Its clones are one store, which several clients may share; a change of its limits makes a new, empty one.
#[derive(Clone)]
pub struct MokaStore {
    limits: Limits,
    responses: Cache<CacheKey, CacheValue>,
}

#[derive(Clone, Copy, Debug)]
struct Limits {
    max_bytes: u64,
    time_to_live: Duration,
    time_to_idle: Duration,
}

impl MokaStore {
    /// A store of up to 64 MiB.
    #[must_use]
    pub fn new() -> Self {
        Self::from_config(&CacheConfig::default())
    }

    /// A store with the times of a configuration: a response that is not asked for is forgotten after `default_tti`, any
    /// other 300 seconds after its `default_ttl`, until when it can be asked for by its `ETag`.
    #[must_use]
    pub fn from_config(config: &CacheConfig) -> Self {
        Self::with(Limits {
            max_bytes: 64 * 1024 * 1024,
            time_to_live: config.default_ttl.saturating_add(Duration::from_secs(300)),
            time_to_idle: config.default_tti,
        })
    }

    /// How many bytes the responses may have together, keys and headers included.
    #[must_use]
    pub fn max_bytes(self, max_bytes: u64) -> Self {
        Self::with(Limits {
            max_bytes,
            ..self.limits
        })
    }

    /// How long a response is cached at most.
    #[must_use]
    pub fn time_to_live(self, time_to_live: Duration) -> Self {
        Self::with(Limits {
            time_to_live,
            ..self.limits
        })
    }

    /// How long a response is cached without being asked for.
    #[must_use]
    pub fn time_to_idle(self, time_to_idle: Duration) -> Self {
        Self::with(Limits {
            time_to_idle,
            ..self.limits
        })
    }

    fn with(limits: Limits) -> Self {
        // Moka panics at times of more than a thousand years.
        const LONGEST: Duration = Duration::from_secs(365 * 24 * 60 * 60);
        let responses = Cache::builder()
            .max_capacity(limits.max_bytes)
            .weigher(|key: &CacheKey, value: &CacheValue| u32::try_from(key.size() + value.size()).unwrap_or(u32::MAX))
            .time_to_live(limits.time_to_live.min(LONGEST))
            .time_to_idle(limits.time_to_idle.min(LONGEST))
            .support_invalidation_closures()
            .build();
        Self { limits, responses }
    }
}

impl Default for MokaStore {
    fn default() -> Self {
        Self::new()
    }
}

impl MokaStore {
    /// Removes all responses, of whatever org.
    pub fn clear(&self) {
        self.responses.invalidate_all();
    }
}

impl CacheStore for MokaStore {
    async fn get(&self, key: &CacheKey) -> Result<CacheLookup, BoxError> {
        Ok(self.responses.get(key).into())
    }

    /// All responses live equally long: moka knows no other times, unless by an interface that has had faults.
    async fn set(
        &self,
        key: &CacheKey,
        value: CacheValue,
        _ttl: Duration,
        _version: VersionToken,
    ) -> Result<(), BoxError> {
        self.responses.insert(key.clone(), value);
        // Otherwise a burst of responses would be cached beyond the limit for a while.
        self.responses.run_pending_tasks();
        Ok(())
    }

    async fn remove(&self, key: &CacheKey) -> Result<(), BoxError> {
        self.responses.invalidate(key);
        Ok(())
    }

    async fn invalidate(&self, tags: &[Tag]) -> Result<(), BoxError> {
        let tags = tags.to_vec();
        self.responses.invalidate_entries_if(move |key, _| key.has_any(&tags))?;
        // Otherwise each question would be put to all the tags so far.
        self.responses.run_pending_tasks();
        Ok(())
    }

    fn is_process_local(&self) -> bool {
        true
    }
}

/// Shows sizes, not content.
impl fmt::Debug for MokaStore {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("MokaStore")
            .field("limits", &self.limits)
            .field("responses", &self.responses.entry_count())
            .field("bytes", &self.responses.weighted_size())
            .finish()
    }
}
