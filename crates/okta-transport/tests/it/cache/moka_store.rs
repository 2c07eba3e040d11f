//! The store in memory.

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use http::{Request, Response};
use okta_config::CacheConfig;
use okta_transport::{
    Body, BoxError, HttpService,
    cache::{CacheKey, CacheLayer, CacheStatus, CacheStore, CacheValue, MokaStore, VersionToken},
};
use tower::service_fn;

use super::{GROUP, USER, principal, stores::MapStore};
use crate::{USERS, get};

/// The keys of these addresses, which only a layer can make.
async fn keys(uris: &[String]) -> Vec<CacheKey> {
    let store = MapStore::default();
    let service = over(store.clone());
    let mut keys = Vec::new();
    for uri in uris {
        service.send(get(uri)).await.unwrap();
        keys.extend(store.map().drain().map(|(key, _)| key));
    }
    keys
}

fn over(store: impl CacheStore) -> HttpService {
    let transport = service_fn(|_: Request<Body>| async { Ok::<_, BoxError>(Response::new(Body::from("canary"))) });
    HttpService::new(transport).layer(CacheLayer::new(store, principal()))
}

async fn set(store: &MokaStore, key: &CacheKey, value: impl Into<Bytes>) {
    let ttl = Duration::from_secs(300);
    store
        .set(key, CacheValue::from_bytes(value), ttl, VersionToken::default())
        .await
        .unwrap();
}

async fn found(store: &MokaStore, key: &CacheKey) -> Option<Bytes> {
    let value = store.get(key).await.unwrap().value;
    value.map(|value| value.to_bytes())
}

#[tokio::test]
async fn it_keeps_forgets_and_clears() {
    let store = MokaStore::from_config(&CacheConfig::default());
    let keys = keys(&[USERS.into(), USER.into(), GROUP.into()]).await;
    for key in &keys {
        set(&store, key, "x").await;
    }
    store.remove(&keys[2]).await.unwrap();
    assert_eq!(found(&store, &keys[0]).await.unwrap(), "x");
    assert_eq!(found(&store, &keys[2]).await, None);
    set(&store, &keys[2], "y").await;
    // The tags of a user are not those of a group.
    let (of_the_org, narrow) = keys[1].tags().split_last().unwrap();
    store.invalidate(narrow).await.unwrap();
    assert_eq!(found(&store, &keys[1]).await, None);
    assert_eq!(found(&store, &keys[2]).await.unwrap(), "y");
    // What is kept after that is kept.
    set(&store, &keys[1], "z").await;
    assert_eq!(found(&store, &keys[1]).await.unwrap(), "z");
    // All of an org have a tag in common, and the clones of a store are one.
    store
        .clone()
        .invalidate(std::slice::from_ref(of_the_org))
        .await
        .unwrap();
    for key in &keys {
        assert_eq!(found(&store, key).await, None);
        set(&store, key, "again").await;
    }
    store.clone().clear();
    for key in &keys {
        assert_eq!(found(&store, key).await, None);
    }
    assert!(store.is_process_local());
}

#[tokio::test]
async fn it_is_bounded_by_bytes() {
    let store = MokaStore::new().max_bytes(100_000);
    let uris: Vec<_> = (0..100).map(|page| format!("{USERS}?page={page}")).collect();
    for key in keys(&uris).await {
        set(&store, &key, vec![0; 10_000]).await;
        found(&store, &key).await;
    }
    let keys = keys(&uris).await;
    let mut kept = 0;
    for key in &keys {
        kept += usize::from(found(&store, key).await.is_some());
    }
    assert!((1..=9).contains(&kept), "{kept} of 10 kB each");
    // What could never fit is not kept at all.
    set(&store, &keys[0], vec![0; 200_000]).await;
    assert!(found(&store, &keys[0]).await.is_none());
}

#[tokio::test]
async fn times_without_end_are_no_panic() {
    let store = MokaStore::new().time_to_live(Duration::MAX).time_to_idle(Duration::MAX);
    let key = &keys(&[USERS.into()]).await[0];
    set(&store, key, "x").await;
    assert_eq!(found(&store, key).await.unwrap(), "x");
    let forgetful = MokaStore::new().time_to_live(Duration::ZERO);
    set(&forgetful, key, "x").await;
    assert_eq!(found(&forgetful, key).await, None);
}

#[tokio::test]
async fn the_layer_works_with_it_and_nothing_kept_is_shown() {
    let store = Arc::new(MokaStore::new());
    let service = over(store.clone());
    let status = || async {
        let response = service.send(get(USER)).await.unwrap();
        CacheStatus::of(response.extensions())
    };
    assert_eq!(status().await, Some(CacheStatus::Miss));
    assert!(matches!(status().await, Some(CacheStatus::Hit { .. })));
    service.send(Request::delete(USER).body("").unwrap()).await.unwrap();
    assert_eq!(status().await, Some(CacheStatus::Miss));
    assert!(!format!("{store:?}").contains("canary"));
}
