use std::{
    panic::AssertUnwindSafe,
    pin::pin,
    sync::Arc,
    time::{Duration, SystemTime},
};

use futures_util::future::{Either, FutureExt, poll_immediate, select};
use okta_auth::BoxFuture;
use tower::BoxError;

use super::{
    entry::Entry,
    key::CacheKey,
    settings::Settings,
    store::{CacheLookup, VersionToken},
    tag::Tag,
    value::CacheValue,
};
use crate::layers::tracing::error_type::ErrorSummary;

/// The cached entry, and the version under which a newer one may be cached.
pub(super) struct Found {
    pub(super) entry: Option<Arc<Entry>>,
    pub(super) version: VersionToken,
}

/// The store has failed to do it, or may still be doing it. There is an event about it already.
#[derive(Debug)]
pub(super) struct Failed;

/// The store as the layer uses it: nothing it does takes long, fails a call, or is believed without looking.
impl Settings {
    /// What is cached under this key and can be used still, at least after asking Okta.
    pub(super) async fn look_up(&self, key: &CacheKey) -> Result<Found, Failed> {
        let CacheLookup { value, version } = self.within_limit("get", self.store.get(key)).await?;
        let entry = value.and_then(|value| match value.open(key) {
            Ok(entry) => Some(entry),
            Err(reason) => {
                tracing::warn!(%reason, "the entry in the cache store does not match this request; it counts as a miss");
                None
            }
        });
        let entry = entry.filter(|entry| self.is_usable(entry, self.clock.system_time()));
        Ok(Found { entry, version })
    }

    /// Whether an entry is young enough to be used, as it is or after asking Okta. One from the far future is as wrong
    /// as an old one.
    fn is_usable(&self, entry: &Entry, now: SystemTime) -> bool {
        let from_the_future = entry
            .since
            .duration_since(now)
            .is_ok_and(|ahead| ahead > self.time_to_live);
        !from_the_future && entry.age(now) < self.life_of(entry)
    }

    fn life_of(&self, entry: &Entry) -> Duration {
        match entry.etag() {
            Some(_) => self.longest_life(),
            None => self.time_to_live,
        }
    }

    pub(super) async fn keep(&self, key: &CacheKey, entry: &Entry, version: VersionToken) -> Result<(), Failed> {
        let life = self.life_of(entry);
        if life.is_zero() {
            return Ok(());
        }
        let value = CacheValue::new(key.clone(), Arc::new(entry.compact()));
        self.within_limit("set", self.store.set(key, value, life, version))
            .await
    }

    pub(super) async fn forget(&self, key: &CacheKey) -> Result<(), Failed> {
        self.within_limit("remove", self.store.remove(key)).await
    }

    pub(super) async fn invalidate(&self, tags: &[Tag]) -> Result<(), Failed> {
        self.within_limit("invalidate", self.store.invalidate(tags)).await
    }

    async fn within_limit<T>(
        &self,
        operation: &'static str,
        work: BoxFuture<'_, Result<T, BoxError>>,
    ) -> Result<T, Failed> {
        // A panic in a store would otherwise reach every call that shares the request.
        let mut work = pin!(AssertUnwindSafe(work).catch_unwind());
        // A store in memory is done at once, and needs no timer.
        let done = match poll_immediate(&mut work).await {
            Some(done) => Some(done),
            None => match select(work, self.clock.sleep(self.store_timeout)).await {
                Either::Left((done, _)) => Some(done),
                Either::Right(_) => None,
            },
        };
        match done {
            Some(Ok(Ok(done))) => Ok(done),
            Some(Err(_)) => {
                tracing::warn!(operation, "the cache store panicked; the call continues without it");
                Err(Failed)
            }
            Some(Ok(Err(error))) => {
                // A store of the user may quote keys or values in its errors.
                let error = ErrorSummary::of(&*error);
                tracing::warn!(
                    operation,
                    %error,
                    "the cache store failed; the call continues without it"
                );
                Err(Failed)
            }
            None => {
                let limit = self.store_timeout;
                tracing::warn!(
                    operation,
                    ?limit,
                    "the cache store is too slow; the call continues without it"
                );
                Err(Failed)
            }
        }
    }
}
