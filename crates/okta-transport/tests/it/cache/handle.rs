//! The handle on the cache of a stack.

use std::sync::Arc;

use http::{Request, Response};
use okta_auth::SswsToken;
use okta_config::OrgUrl;
use okta_transport::{
    Body, BoxError, HttpService,
    cache::{CacheHandle, CacheHandleError, CacheStatus},
};
use tower::service_fn;

use super::{
    GROUP, USER,
    stores::{Manners, MapStore},
};
use crate::{USERS, get};

fn stack(store: Option<MapStore>) -> (HttpService, CacheHandle) {
    let org_url = OrgUrl::parse("https://acme.okta.com").unwrap();
    let transport = service_fn(|_: Request<Body>| async { Ok::<_, BoxError>(Response::new(Body::from("[]"))) });
    let stack = HttpService::builder(&org_url)
        .service(transport)
        .authenticator(SswsToken::new("00abc".into()).unwrap());
    match store {
        Some(store) => stack.cache(store),
        None => stack,
    }
    .build_with_cache()
    .unwrap()
}

async fn is_hit(service: &HttpService, uri: &str) -> bool {
    let response = service.send(get(uri)).await.unwrap();
    matches!(CacheStatus::of(response.extensions()), Some(CacheStatus::Hit { .. }))
}

#[tokio::test]
async fn it_drops_what_a_write_would_drop_and_everything() {
    let (service, handle) = stack(Some(MapStore::default()));
    assert!(handle.is_enabled());
    let path = USER.strip_prefix("https://acme.okta.com").unwrap();
    for address in [path, path.trim_start_matches('/'), USER] {
        for uri in [USER, USERS, GROUP] {
            is_hit(&service, uri).await;
            assert!(is_hit(&service, uri).await, "{uri}");
        }
        handle.clone().invalidate(address).await.unwrap();
        assert!(!is_hit(&service, USER).await, "{address}");
        assert!(!is_hit(&service, USERS).await, "{address}");
        assert!(is_hit(&service, GROUP).await, "{address}");
    }
    handle.clear().await.unwrap();
    for uri in [USER, USERS, GROUP] {
        assert!(!is_hit(&service, uri).await, "{uri}");
        assert!(is_hit(&service, uri).await, "{uri}");
    }
}

#[tokio::test]
async fn tags_of_an_entry_drop_it() {
    let store = MapStore::default();
    let (service, handle) = stack(Some(store.clone()));
    is_hit(&service, GROUP).await;
    is_hit(&service, USER).await;
    let keys: Vec<_> = store.map().keys().cloned().collect();
    let of_the_group = keys
        .iter()
        .flat_map(|key| key.tags())
        .filter(|tag| tag.as_str().contains("00g1"));
    handle.invalidate_tags(of_the_group.cloned()).await.unwrap();
    assert!(!is_hit(&service, GROUP).await);
    assert!(is_hit(&service, USER).await);
}

#[tokio::test]
async fn a_store_that_fails_is_an_error_and_its_entries_are_not_used() {
    let store = MapStore::default();
    let (service, handle) = stack(Some(store.clone()));
    is_hit(&service, GROUP).await;
    store.behave(Manners::Failing("canary"));
    let error = handle.clear().await.unwrap_err();
    assert_eq!(error, CacheHandleError::Store);
    store.behave(Manners::Honest);
    assert!(!is_hit(&service, GROUP).await, "it is still in the store");
    assert_eq!(store.map().len(), 1);
}

#[tokio::test]
async fn what_is_not_an_address_is_refused_and_not_shown() {
    let (_, handle) = stack(Some(MapStore::default()));
    for address in ["a canary", "https://", "/api/v1/users/\u{7f}", "http:// canary"] {
        let error = handle.invalidate(address).await.unwrap_err();
        assert_eq!(error, CacheHandleError::Address, "{address}");
    }
}

#[tokio::test]
async fn without_a_cache_it_does_nothing() {
    let (service, handle) = stack(None);
    assert!(!handle.is_enabled());
    handle.clear().await.unwrap();
    handle.invalidate("/api/v1/users").await.unwrap();
    assert!(!is_hit(&service, USER).await);
    let default = CacheHandle::default();
    default.clear().await.unwrap();
}

#[tokio::test]
async fn two_stacks_share_a_store_by_its_clone_or_an_arc_of_it() {
    let store = MapStore::default();
    let (one, handle) = stack(Some(store.clone()));
    let (other, _) = stack(Some(store.clone()));
    is_hit(&one, GROUP).await;
    assert!(is_hit(&other, GROUP).await);
    handle.clear().await.unwrap();
    assert!(store.map().is_empty());
    let shared = Arc::new(store);
    let layer = okta_transport::cache::CacheLayer::new(shared.clone(), super::principal());
    assert!(format!("{layer:?}").contains("MapStore"));
}
