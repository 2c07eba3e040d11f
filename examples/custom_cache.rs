//! Your own store for the cache: here a map in memory; it can also be a file, a database or memcached.
//!
//! The cache layer decides what is cached, for which caller and how long, and what a write makes stale. A store only
//! stores bytes under a key, and removes them by key or by tag.

use std::{
    collections::HashMap,
    fmt,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use bytes::Bytes;
use okta_client::{
    BoxError, OktaClient,
    auth::BoxFuture,
    models::{GroupProfile, GroupRequest},
    transport::{
        Clock, TokioClock,
        cache::{CacheKey, CacheLookup, CacheStore, Tag, VersionToken},
    },
};
use okta_examples::{Org, Outcome};

/// A stored response, with the time at which it expires.
#[derive(Default)]
struct MapStore(Mutex<HashMap<CacheKey, (Bytes, Instant)>>);

impl MapStore {
    fn with<T>(
        &self,
        work: impl FnOnce(&mut HashMap<CacheKey, (Bytes, Instant)>) -> T,
    ) -> BoxFuture<'_, Result<T, BoxError>>
    where
        T: Send + 'static,
    {
        let done = work(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner));
        Box::pin(std::future::ready(Ok(done)))
    }
}

impl CacheStore for MapStore {
    fn get<'a>(&'a self, key: &'a CacheKey) -> BoxFuture<'a, Result<CacheLookup, BoxError>> {
        let now = TokioClock.now();
        self.with(|map| {
            map.retain(|_, (_, until)| *until > now);
            map.get(key).map(|(value, _)| value.clone()).into()
        })
    }

    fn set<'a>(
        &'a self,
        key: &'a CacheKey,
        value: Bytes,
        ttl: Duration,
        _: VersionToken,
    ) -> BoxFuture<'a, Result<(), BoxError>> {
        let until = TokioClock.now() + ttl;
        self.with(|map| drop(map.insert(key.clone(), (value, until))))
    }

    fn remove<'a>(&'a self, key: &'a CacheKey) -> BoxFuture<'a, Result<(), BoxError>> {
        self.with(|map| drop(map.remove(key)))
    }

    fn invalidate<'a>(&'a self, tags: &'a [Tag]) -> BoxFuture<'a, Result<(), BoxError>> {
        self.with(|map| map.retain(|key, _| !key.tags().iter().any(|tag| tags.contains(tag))))
    }

    fn clear(&self) -> BoxFuture<'_, Result<(), BoxError>> {
        self.with(HashMap::clear)
    }

    fn is_process_local(&self) -> bool {
        true
    }
}

/// Stored responses must not be logged.
impl fmt::Debug for MapStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MapStore")
    }
}

#[tokio::main]
async fn main() -> Outcome {
    let org = Org::find().await?;
    let okta = org.builder()?.cache(MapStore::default()).build()?;

    let name = format!("Cached {}", std::process::id());
    let group = GroupRequest::new(GroupProfile::default().name(&*name));
    let group = okta.groups().create(group).await?;
    let id = group.require_id()?;

    show("first read", &okta, id).await?;
    show("second read", &okta, id).await?;
    let change = GroupRequest::new(GroupProfile::default().name(format!("{name}, renamed")));
    okta.groups().replace(id, change).await?;
    show("after a write", &okta, id).await?;
    okta.groups().delete(id).await?;
    Ok(())
}

async fn show(when: &str, okta: &OktaClient, id: &str) -> Outcome {
    let response = okta.groups().get(id).send().await?;
    println!("{when:<14} {:?}", response.cache_status());
    Ok(())
}
