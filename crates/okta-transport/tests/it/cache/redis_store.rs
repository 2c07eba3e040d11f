//! The store in Redis, over a real server.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use bytes::Bytes;
use http::{Request, Response};
use okta_transport::{
    Body, BoxError, HttpService,
    cache::{CacheKey, CacheLayer, CacheStatus, CacheStore, CacheValue, RedisStore, RedisStoreError},
};
use tokio::sync::Semaphore;
use tokio_rustls::rustls::{ClientConfig, RootCertStore, crypto::aws_lc_rs};
use tower::service_fn;

use super::{
    GROUP, USER, principal,
    redis_server::{RedisServer, free_port},
    stores::MapStore,
};
use crate::{USERS, get, manual_clock::ManualClock};

/// One process of a fleet: a client with a separate store at the same server.
struct Process {
    service: HttpService,
    sent: Arc<AtomicUsize>,
    clock: ManualClock,
    /// Each request takes one.
    permits: Arc<Semaphore>,
}

impl Process {
    fn new(url: &str) -> Self {
        let clock = ManualClock::new();
        let store = RedisStore::new(url).unwrap().clock(Arc::new(clock.clone()));
        let sent = Arc::new(AtomicUsize::new(0));
        let permits = Arc::new(Semaphore::new(1000));
        let (counter, gate) = (sent.clone(), permits.clone());
        let transport = service_fn(move |request: Request<Body>| {
            let answer = format!("{} canary {}", request.uri(), counter.fetch_add(1, Ordering::Relaxed));
            let gate = gate.clone();
            async move {
                gate.acquire().await?.forget();
                Ok::<_, BoxError>(Response::new(Body::from(answer)))
            }
        });
        // Its clock stands still, so a slow machine does not count as a slow store.
        let layer = CacheLayer::new(Arc::new(store), principal()).clock(Arc::new(clock.clone()));
        Self {
            service: HttpService::new(transport).layer(layer),
            sent,
            clock,
            permits,
        }
    }

    async fn get(&self, uri: &str) -> (CacheStatus, Bytes) {
        let response = self.service.send(get(uri)).await.unwrap();
        let status = CacheStatus::of(response.extensions()).unwrap();
        (status, response.into_body().collect().await.unwrap())
    }

    async fn hits(&self, uri: &str) -> bool {
        matches!(self.get(uri).await.0, CacheStatus::Hit { .. })
    }

    async fn write(&self, uri: &str) {
        self.service.send(Request::put(uri).body("{}").unwrap()).await.unwrap();
    }

    fn sent(&self) -> usize {
        self.sent.load(Ordering::Relaxed)
    }
}

#[tokio::test]
async fn two_processes_share_what_one_has_asked_for() {
    let Some(server) = RedisServer::start(&[]) else {
        return;
    };
    let (one, two) = (Process::new(&server.url()), Process::new(&server.url()));
    let (status, body) = one.get(USER).await;
    assert_eq!(status, CacheStatus::Miss);
    two.clock.advance(Duration::from_secs(9));
    let age = Duration::from_secs(9);
    assert_eq!(two.get(USER).await, (CacheStatus::Hit { age }, body));
    assert_eq!((one.sent(), two.sent()), (1, 0));
    // Every key has an end and the store's name in front.
    let keys = server.command("KEYS *").await;
    assert!(keys.contains("okta-cache:response:"), "{keys}");
    let id = keys.split("okta-cache:response:").nth(1).unwrap().get(..64).unwrap();
    let life = server.command(&format!("PTTL okta-cache:response:{id}")).await;
    let life: u64 = life.lines().next().unwrap().trim_start_matches(':').parse().unwrap();
    assert!((1..=300_000).contains(&life), "{life} ms");
}

#[tokio::test]
async fn what_one_process_writes_is_dropped_for_all() {
    let Some(server) = RedisServer::start(&[]) else {
        return;
    };
    let (one, two) = (Process::new(&server.url()), Process::new(&server.url()));
    for uri in [USERS, USER, GROUP] {
        one.get(uri).await;
        assert!(two.hits(uri).await);
    }
    two.write(USER).await;
    assert!(!one.hits(USERS).await);
    assert!(!one.hits(USER).await);
    assert!(one.hits(GROUP).await);
    assert!(two.hits(USER).await, "cached again after the write");
}

#[tokio::test]
async fn what_one_process_has_asked_for_before_another_writes_is_not_used() {
    let Some(server) = RedisServer::start(&[]) else {
        return;
    };
    let one = Arc::new(Process::new(&server.url()));
    let two = Process::new(&server.url());
    one.permits.forget_permits(1000);
    let reader = one.clone();
    let read = tokio::spawn(async move { reader.get(USER).await });
    while one.sent() == 0 {
        tokio::task::yield_now().await;
    }
    two.write(USER).await;
    one.permits.add_permits(1);
    assert_eq!(read.await.unwrap().0, CacheStatus::Miss);
    assert!(!two.hits(USER).await, "a response from before the write");
}

#[tokio::test]
async fn when_the_server_dies_calls_go_on_and_when_it_returns_so_does_the_cache() {
    let Some(mut server) = RedisServer::start(&[]) else {
        return;
    };
    let process = Process::new(&server.url());
    process.get(USER).await;
    assert!(process.hits(USER).await);
    server.kill();
    for sent in 2..10 {
        assert_eq!(process.get(USER).await.0, CacheStatus::Miss);
        assert_eq!(process.sent(), sent);
    }
    process.write(GROUP).await;
    server.start_again();
    // It is tried again after a second at the latest.
    process.clock.advance(Duration::from_secs(1));
    assert!(!process.hits(USER).await, "the server has forgotten everything");
    assert!(process.hits(USER).await, "the cache has not resumed");
    // What could not be dropped then is not used now.
    assert_eq!(process.get(GROUP).await.0, CacheStatus::Bypass);
}

#[tokio::test]
async fn a_server_that_was_never_there_is_asked_once_a_second() {
    let Some(mut server) = RedisServer::start(&[]) else {
        return;
    };
    server.kill();
    let clock = ManualClock::new();
    let store = RedisStore::new(server.url()).unwrap().clock(Arc::new(clock.clone()));
    let key = key().await;
    let first = store.get(&key).await.unwrap_err().to_string();
    assert!(
        first.starts_with(&format!("redis at 127.0.0.1:{}: ", server.port)),
        "{first}"
    );
    server.start_again();
    // No attempt is made before the pause is over.
    clock.advance(Duration::from_millis(999));
    assert_eq!(store.get(&key).await.unwrap_err().to_string(), first);
    clock.advance(Duration::from_millis(1));
    assert!(store.get(&key).await.unwrap().value.is_none());
}

async fn key() -> CacheKey {
    let store = MapStore::default();
    let transport = service_fn(|_: Request<Body>| async { Ok::<_, BoxError>(Response::new(Body::from("x"))) });
    let layer = CacheLayer::new(Arc::new(store.clone()), principal());
    HttpService::new(transport).layer(layer).send(get(USERS)).await.unwrap();
    let map = store.map();
    map.keys().next().unwrap().clone()
}

#[tokio::test]
async fn a_wrong_password_is_a_readable_error_without_it() {
    let Some(server) = RedisServer::start(&["--requirepass", "right"]) else {
        return;
    };
    let key = key().await;
    let at = |password: &str| format!("redis://:{password}@127.0.0.1:{}", server.port);
    let right = RedisStore::new(at("right")).unwrap();
    assert!(right.get(&key).await.unwrap().value.is_none());
    for (url, said) in [(at("canary"), "WRONGPASS"), (server.url(), "NOAUTH")] {
        let clock = ManualClock::new();
        let store = RedisStore::new(&url).unwrap().clock(Arc::new(clock.clone()));
        for _ in 0..2 {
            let error = store.get(&key).await.unwrap_err();
            let text = format!("{error} {error:?} {store:?}");
            assert!(text.contains("127.0.0.1") && !text.contains("canary"), "{text}");
            let shown = format!("{error:?} {error}").to_uppercase();
            assert!(shown.contains(said) || shown.contains("PASSWORD"), "{text}");
            clock.advance(Duration::from_secs(1));
        }
    }
    // And no call fails for it.
    let process = Process::new(&at("canary"));
    assert_eq!(process.get(USER).await.0, CacheStatus::Miss);
}

/// The TLS settings of a client that trusts this certificate only.
fn trusting(certificate: &rcgen::Certificate) -> Arc<ClientConfig> {
    let mut roots = RootCertStore::empty();
    roots.add(certificate.der().clone()).unwrap();
    let config = ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    Arc::new(config)
}

#[tokio::test]
async fn over_tls_it_trusts_the_configured_roots() {
    let identity = || rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let (server_identity, stranger) = (identity(), identity());
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, text: String| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.display().to_string()
    };
    let certificate = file("certificate.pem", server_identity.cert.pem());
    let key_file = file("key.pem", server_identity.signing_key.serialize_pem());
    let tls_port = free_port().to_string();
    #[rustfmt::skip]
    let Some(_server) = RedisServer::start(&[
        "--tls-port", &tls_port, "--tls-auth-clients", "no",
        "--tls-cert-file", &certificate, "--tls-key-file", &key_file, "--tls-ca-cert-file", &certificate,
    ]) else {
        return;
    };
    let key = key().await;
    let url = format!("rediss://localhost:{tls_port}");
    let store = RedisStore::with_tls(&url, trusting(&server_identity.cert)).unwrap();
    let version = store.get(&key).await.unwrap().version;
    let value = CacheValue::from_bytes("value");
    store.set(&key, value, Duration::from_secs(60), version).await.unwrap();
    assert_eq!(store.get(&key).await.unwrap().value.unwrap().to_bytes(), "value");

    let store = RedisStore::with_tls(&url, trusting(&stranger.cert)).unwrap();
    let error = store.get(&key).await.unwrap_err().to_string();
    assert!(error.contains("localhost") && error.contains("certificate"), "{error}");
    let clear_text = format!("redis://localhost:{tls_port}");
    assert_eq!(
        RedisStore::with_tls(clear_text, trusting(&stranger.cert)).unwrap_err(),
        RedisStoreError::TlsNotAskedFor
    );
}

#[tokio::test]
async fn clearing_and_prefixes_keep_to_themselves() {
    let Some(server) = RedisServer::start(&[]) else {
        return;
    };
    let key = key().await;
    let one = RedisStore::new(server.url()).unwrap().key_prefix("one");
    let two = RedisStore::new(server.url()).unwrap().key_prefix("two");
    for store in [&one, &two] {
        let version = store.get(&key).await.unwrap().version;
        let value = CacheValue::from_bytes("value");
        store.set(&key, value, Duration::from_secs(60), version).await.unwrap();
        assert_eq!(store.get(&key).await.unwrap().value.unwrap().to_bytes(), "value");
    }
    one.clear().await.unwrap();
    assert!(one.get(&key).await.unwrap().value.is_none());
    assert_eq!(two.get(&key).await.unwrap().value.unwrap().to_bytes(), "value");
    two.remove(&key).await.unwrap();
    assert!(two.get(&key).await.unwrap().value.is_none());
    // Garbage under its keys is nothing found.
    let id = key.id();
    server.command(&format!("SET two:response:{id} garbage")).await;
    assert!(two.get(&key).await.unwrap().value.is_none());
    assert!(!two.is_process_local());
}

#[tokio::test]
async fn a_connection_without_replies_is_replaced() {
    let Some(server) = RedisServer::start(&[]) else {
        return;
    };
    let key = key().await;
    let store = RedisStore::new(server.url()).unwrap();
    let ours = || async {
        let clients = server.command("CLIENT LIST TYPE normal").await;
        let ours = clients.lines().find(|line| line.contains("cmd=mget"));
        ours.and_then(|line| line.split(' ').next()).map(str::to_owned)
    };
    store.get(&key).await.unwrap();
    let before = ours().await.unwrap();
    // Each is dropped as soon as it has asked, as the layer does with one that takes too long.
    for _ in 0..3 {
        tokio::select! {
            biased;
            _ = store.get(&key) => panic!("answered before it was asked"),
            () = std::future::ready(()) => {}
        }
    }
    store.get(&key).await.unwrap();
    assert_ne!(ours().await.unwrap(), before);
}

#[test]
fn addresses_that_cannot_be_used_are_refused_without_repeating_them() {
    let refused = |url: &str| RedisStore::new(url).unwrap_err();
    for url in [
        "",
        "canary",
        "http://user:canary@host",
        "redis://user:canary@host/number",
        "redis://user:canary@host:99999",
        "unix:///tmp/canary",
    ] {
        let error = refused(url);
        assert!(matches!(error, RedisStoreError::Address(_)), "{url}: {error}");
        assert!(!format!("{error} {error:?}").contains("canary"), "{error}");
    }
    assert_eq!(
        refused("rediss://user:canary@host"),
        RedisStoreError::TlsSettingsMissing
    );
    let store = RedisStore::new("valkey://user:canary@[::1]:7000/3").unwrap();
    let shown = format!("{store:?}");
    assert!(shown.contains("[::1]:7000") && !shown.contains("canary"), "{shown}");
}

/// A stamp that Redis has evicted: what was kept under it, or under its absence, must not come back to life.
#[tokio::test]
async fn a_lost_stamp_revives_nothing() {
    let Some(server) = RedisServer::start(&[]) else {
        return;
    };
    let process = Process::new(&server.url());
    let drop_stamps = async || {
        let keys = server.command("KEYS okta-cache:stamp*").await;
        for key in keys
            .lines()
            .map(str::trim)
            .filter(|line| line.starts_with("okta-cache:"))
        {
            server.command(&format!("DEL {key}")).await;
        }
    };
    process.get(USER).await;
    assert!(process.hits(USER).await);
    process.write(USER).await;
    drop_stamps().await;
    assert!(!process.hits(USER).await, "it was dropped by the write");
    assert!(process.hits(USER).await);
    drop_stamps().await;
    assert!(
        !process.hits(USER).await,
        "it is unknown whether another process has written"
    );
    assert!(process.hits(USER).await);
}

/// A request is on its way while a write renews its stamp and Redis evicts the stamp.
#[tokio::test]
async fn a_response_from_before_a_write_whose_stamp_is_lost_is_not_used() {
    let Some(server) = RedisServer::start(&[]) else {
        return;
    };
    let process = Process::new(&server.url());
    let other = Process::new(&server.url());
    process.permits.forget_permits(1000);
    let service = process.service.clone();
    let call = tokio::spawn(async move { service.send(get(USER)).await.unwrap().into_body().collect().await });
    while process.sent() == 0 {
        tokio::task::yield_now().await;
    }
    other.write(USER).await;
    server.command("FLUSHALL").await;
    process.permits.add_permits(1000);
    call.await.unwrap().unwrap();
    assert!(!other.hits(USER).await);
}
