//! The script in Redis and the ledger decide the same; what is stored holds no secret.

use std::{
    sync::{Arc, Mutex},
    time::{Duration, Instant, SystemTime},
};

use http::HeaderMap;
use okta_auth::{BoxFuture, Clock, Principal};
use okta_fleet::{MemoryRateLimitStore, PostgresRateLimitStore, PostgresServer, RedisRateLimitStore, RedisServer};
use okta_fleet_run::{StoreKind, servers::StoreServer};
use okta_transport::{
    TokioClock,
    rate_limit::{Decision, PeerUsage, RateLimit, RateLimitKeys, RateLimitStore, ReserveRequest, WindowObservation},
};

/// A clock that the test sets.
#[derive(Clone, Debug)]
struct SetClock(Instant, Arc<Mutex<Duration>>);

impl Clock for SetClock {
    fn now(&self) -> Instant {
        self.0 + *self.1.lock().unwrap()
    }

    fn system_time(&self) -> SystemTime {
        SystemTime::UNIX_EPOCH
    }

    fn sleep(&self, _: Duration) -> BoxFuture<'static, ()> {
        Box::pin(std::future::ready(()))
    }
}

fn seen(limit: u64, remaining: u64, reset: u64, resets_in: u64) -> WindowObservation {
    let mut headers = HeaderMap::new();
    headers.insert("x-rate-limit-limit", limit.into());
    headers.insert("x-rate-limit-remaining", remaining.into());
    headers.insert("x-rate-limit-reset", reset.into());
    let rate_limit = RateLimit::from_headers(&headers).unwrap();
    WindowObservation::new(rate_limit, reset.checked_sub(resets_in), Duration::from_secs(resets_in))
}

fn keys(principal: &str) -> RateLimitKeys {
    let principal = Principal::new("oauth", principal);
    RateLimitKeys::new("https://acme.okta.com:443", Some(&principal), "/api/v1/users")
}

#[tokio::test]
async fn the_script_decides_as_the_ledger_does() {
    let server = StoreServer::start(StoreKind::Redis).await.unwrap();
    let redis = RedisServer::new(&server.addresses()[0]).unwrap();
    let random = &mut Random(42);
    for run in 0..60 {
        let clock = SetClock(TokioClock.now(), Arc::default());
        let memory = MemoryRateLimitStore::new(Arc::new(clock.clone()));
        let store = RedisRateLimitStore::new(redis.clone()).key_prefix(&format!("run-{run}"));
        let share = [None, Some(0.5), Some(1.0)][random.below(3)];
        let request = ReserveRequest::new(1)
            .reserve([0.0, 0.3, 1.0 / 30.0][random.below(3)], [0, 1, 10][random.below(3)])
            .principal_share(share)
            .processes([0, 4][random.below(2)]);
        let (mut reset, mut left) = (1_700_000_060, [300, 600]);
        for step in 0..60 {
            let passed = Duration::from_millis([0, 3, 150, 900, 2_000, 12_000][random.below(6)] as u64);
            *clock.1.lock().unwrap() += passed;
            let now = u64::try_from(clock.1.lock().unwrap().as_millis()).unwrap() + 1;
            if random.below(20) == 0 {
                (reset, left) = (reset + 60, [300, 600]);
            }
            let mut usage = PeerUsage::new(random.below(5) as u64)
                .holding(random.below(6) as u64, random.below(4) as u64)
                .having_sent(
                    random.below(30) as u64,
                    [0, reset][random.below(2)],
                    random.below(15) == 0,
                );
            usage.is_unlimited = random.below(30) == 0;
            for _ in 0..random.below(3) {
                let scope = random.below(2);
                left[scope] -= (random.below(40) as u64).min(left[scope]);
                let reset = reset - 60 * u64::from(random.below(12) == 0);
                let mut observation = seen([300, 600][scope], left[scope], reset, 1 + random.below(60) as u64);
                observation.age = Duration::from_millis(random.below(900) as u64);
                usage = usage.observing(observation);
            }
            let mut request = request;
            request.wanted = 1 + random.below(100) as u64;
            let keys = keys(["one", "two"][random.below(2)]);
            let expected = memory.reserve(&keys, &usage, request).await.unwrap();
            let found = store.reserve_at(now, &keys, &usage, request).await.unwrap();
            assert_eq!(found, expected, "run {run}, step {step}: {usage:?} {request:?}");
        }
    }
}

/// Figures that are the same in each run (xorshift).
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % bound as u64).unwrap()
    }
}

async fn shares(store: impl RateLimitStore, other: impl RateLimitStore) {
    let keys = keys("0oa1");
    let request = ReserveRequest::new(1_000);
    let (one, two) = (PeerUsage::new(1), PeerUsage::new(2));
    let probe = store.reserve(&keys, &one, request).await.unwrap();
    assert!(matches!(probe.decision, Decision::Probe { .. }), "{probe:?}");
    let waits = other.reserve(&keys, &two, request).await.unwrap();
    assert!(matches!(waits.decision, Decision::AskAgain { .. }), "{waits:?}");
    store
        .observe(&keys, &one.observing(seen(100, 99, 1_700_000_060, 60)))
        .await
        .unwrap();
    let granted = other.reserve(&keys, &two, request).await.unwrap();
    let Decision::Granted { permits, .. } = granted.decision else {
        panic!("{granted:?}")
    };
    assert_eq!(permits, 50, "an equal part of two");
    assert_eq!(granted.fleet.principal_peers, 2);
}

#[tokio::test]
async fn two_connections_share_a_bucket_in_each_store() {
    let server = StoreServer::start(StoreKind::Redis).await.unwrap();
    let store = || RedisRateLimitStore::new(RedisServer::new(&server.addresses()[0]).unwrap());
    shares(store(), store()).await;

    let server = StoreServer::start(StoreKind::Cluster).await.unwrap();
    let addresses = server.addresses();
    let addresses: Vec<_> = addresses.iter().map(String::as_str).collect();
    let store = || RedisRateLimitStore::new(RedisServer::cluster(&addresses).unwrap());
    shares(store(), store()).await;

    let server = StoreServer::start(StoreKind::Postgres).await.unwrap();
    let store = || PostgresRateLimitStore::new(PostgresServer::new(server.addresses()[0].parse().unwrap()));
    shares(store(), store()).await;
}

#[tokio::test]
async fn a_connection_is_made_again_after_the_server_has_been_killed() {
    for kind in [StoreKind::Redis, StoreKind::Postgres] {
        let mut server = StoreServer::start(kind).await.unwrap();
        let address = server.addresses()[0].clone();
        if kind == StoreKind::Redis {
            let store = RedisRateLimitStore::new(RedisServer::new(&address).unwrap());
            again(store, &mut server).await;
        } else {
            let store = PostgresRateLimitStore::new(PostgresServer::new(address.parse().unwrap()));
            again(store, &mut server).await;
        }
    }
}

async fn again(store: impl RateLimitStore, server: &mut StoreServer) {
    let (keys, usage, request) = (keys("0oa1"), PeerUsage::new(1), ReserveRequest::new(1));
    store.reserve(&keys, &usage, request).await.unwrap();
    server.kill();
    store.reserve(&keys, &usage, request).await.unwrap_err();
    server.restart().await.unwrap();
    // The first command may still find the dead connection.
    let _ = store.reserve(&keys, &usage, request).await;
    store.reserve(&keys, &usage, request).await.unwrap();
}
