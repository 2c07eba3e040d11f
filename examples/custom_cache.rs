//! Your own store for the cache: here a map in memory; it can also be a file, a database or memcached.
//!
//! The cache layer decides what is cached, for which caller and how long, and what a write makes stale. A store only
//! stores values under a key, and removes them by tag. A store outside of the process stores `CacheValue::to_bytes`.

use std::{collections::HashMap, time::Duration};

use okta_client::{
    BoxError, OktaClient,
    models::{GroupProfile, GroupRequest},
    transport::cache::{CacheKey, CacheLookup, CacheStore, CacheValue, Tag, VersionToken},
};
use okta_examples::{Org, Outcome};
use tokio::sync::Mutex;

#[derive(Default)]
struct MapStore(Mutex<HashMap<CacheKey, CacheValue>>);

impl CacheStore for MapStore {
    async fn get(&self, key: &CacheKey) -> Result<CacheLookup, BoxError> {
        Ok(self.0.lock().await.get(key).cloned().into())
    }
    async fn set(&self, key: &CacheKey, value: CacheValue, _: Duration, _: VersionToken) -> Result<(), BoxError> {
        self.0.lock().await.insert(key.clone(), value);
        Ok(())
    }
    async fn invalidate(&self, tags: &[Tag]) -> Result<(), BoxError> {
        self.0.lock().await.retain(|key, _| !key.has_any(tags));
        Ok(())
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
    okta.cache().clear().await?;
    show("after a clear", &okta, id).await?;
    okta.groups().delete(id).await?;
    Ok(())
}

async fn show(when: &str, okta: &OktaClient, id: &str) -> Outcome {
    let response = okta.groups().get(id).send().await?;
    println!("{when:<14} {:?}", response.cache_status());
    Ok(())
}
