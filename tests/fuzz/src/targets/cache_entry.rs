//! What a store of the cache returns.

use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

use bytes::Bytes;
use http::{Request, Response, header::ETAG};
use okta_auth::Principal;
use okta_transport::{
    Body, BoxError, HttpService,
    cache::{CacheKey, CacheLayer, CacheLookup, CacheStatus, CacheStore, CacheValue, Tag, VersionToken},
};
use sha2::{Digest, Sha256};

use crate::given::block_on;

const STORED: &str = r#"{"id":"stored"}"#;
const SENT: &str = r#"{"id":"sent"}"#;
/// Before the checksum stand four letters and a version; it is the first half of a SHA-256 of everything after it.
const CHECKSUM: std::ops::Range<usize> = 5..21;

pub(crate) fn run(bytes: &[u8]) {
    block_on(async {
        // The input is the entry.
        read(Bytes::copy_from_slice(bytes), false).await;
        // The input damages a valid one, and then the checksum is put right.
        let valid = valid_entry().await;
        let mut damaged = valid.to_vec();
        for edit in bytes.chunks_exact(3).take(64) {
            let place = usize::from(u16::from_be_bytes([edit[0], edit[1]])) % damaged.len();
            damaged[place] ^= edit[2];
        }
        read(Bytes::from(damaged.clone()), damaged == valid).await;
        let digest = Sha256::digest(&damaged[CHECKSUM.end..]);
        damaged[CHECKSUM].copy_from_slice(&digest[..CHECKSUM.len()]);
        read(Bytes::from(damaged), true).await;
    });
}

/// The call succeeds whatever the store returns, and only a whole entry is used.
async fn read(entry: Bytes, may_be_whole: bool) {
    let store = Fixed {
        value: Some(entry),
        set: Mutex::default(),
    };
    let (response, body) = call(store.into()).await;
    if !may_be_whole {
        assert_eq!(body, SENT);
    }
    if body == SENT {
        assert_eq!(response.status(), 200);
    } else {
        let status = CacheStatus::of(response.extensions());
        assert!(
            status.is_some_and(|status| status != CacheStatus::Miss),
            "{status:?} {response:?}"
        );
    }
}

/// The entry that the layer itself writes.
async fn valid_entry() -> Bytes {
    let store = std::sync::Arc::new(Fixed {
        value: None,
        set: Mutex::default(),
    });
    let layer = CacheLayer::new(std::sync::Arc::clone(&store), Principal::new("oauth", "0oa1"));
    send(layer, STORED).await;
    for _ in 0..100 {
        if let Some(entry) = store.set.lock().unwrap_or_else(PoisonError::into_inner).clone() {
            return entry;
        }
        tokio::task::yield_now().await;
    }
    panic!("nothing was stored");
}

async fn call(store: std::sync::Arc<Fixed>) -> (Response<()>, Bytes) {
    send(CacheLayer::new(store, Principal::new("oauth", "0oa1")), SENT).await
}

async fn send(layer: CacheLayer, body: &'static str) -> (Response<()>, Bytes) {
    let transport = tower::service_fn(move |_: Request<Body>| async move {
        let response = Response::builder()
            .header(ETAG, "\"1\"")
            .header("content-type", "application/json");
        Ok::<_, BoxError>(response.body(Body::from(body))?)
    });
    let service = HttpService::new(transport).layer(layer);
    let request = Request::get("https://acme.okta.com/api/v1/groups/00g1aaaaaaaaaaaaaaaa").body(Body::empty());
    let response = service.send(request.unwrap()).await.expect("the transport works");
    let (parts, body) = response.into_parts();
    (
        Response::from_parts(parts, ()),
        body.collect().await.expect("the body is whole"),
    )
}

/// Returns the same bytes for every key.
struct Fixed {
    value: Option<Bytes>,
    set: Mutex<Option<Bytes>>,
}

impl CacheStore for Fixed {
    async fn get(&self, _: &CacheKey) -> Result<CacheLookup, BoxError> {
        Ok(self.value.clone().map(CacheValue::from_bytes).into())
    }

    async fn set(&self, _: &CacheKey, value: CacheValue, _: Duration, _: VersionToken) -> Result<(), BoxError> {
        *self.set.lock().unwrap_or_else(PoisonError::into_inner) = Some(value.to_bytes());
        Ok(())
    }

    async fn invalidate(&self, _: &[Tag]) -> Result<(), BoxError> {
        Ok(())
    }

    fn is_process_local(&self) -> bool {
        true
    }
}
