//! Tokens that several processes share.

use std::{
    io::{BufRead, BufReader},
    process::{Command, Stdio},
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use okta_auth::{AccessToken, OAuthError, Principal, ScopeSet, TokenSource};
use okta_fleet::{
    RedisServer, RedisTokenStore,
    tokens::{SealedToken, SharedTokens, TokenKey, TokenStore},
};
use okta_fleet_run::{StoreKind, servers::StoreServer};
use okta_transport::TokioClock;
use secrecy::ExposeSecret;

use crate::pause;

/// A token endpoint that takes its time, and counts.
#[derive(Clone, Debug)]
struct Endpoint {
    principal: Principal,
    requests: Arc<AtomicU64>,
}

impl Endpoint {
    fn new() -> Self {
        Self {
            principal: Principal::new("oauth", "0oa1"),
            requests: Arc::default(),
        }
    }
}

impl TokenSource for Endpoint {
    async fn fetch(&self, _: &ScopeSet) -> Result<AccessToken, OAuthError> {
        pause(300).await;
        let number = self.requests.fetch_add(1, Ordering::Relaxed);
        AccessToken::bearer(&format!("canary-secret-{number}").into(), Duration::from_secs(3600))
    }

    fn principal(&self) -> &Principal {
        &self.principal
    }
}

fn key(digit: &str) -> TokenKey {
    TokenKey::from_hex(&digit.repeat(64).into()).unwrap()
}

fn store(server: &StoreServer) -> RedisTokenStore {
    RedisTokenStore::new(RedisServer::new(&server.addresses()[0]).unwrap())
}

/// One process.
fn tokens(server: &StoreServer, endpoint: &Endpoint, key: TokenKey) -> SharedTokens<Endpoint, RedisTokenStore> {
    SharedTokens::new(endpoint.clone(), store(server), key, Arc::new(TokioClock))
}

fn scopes() -> ScopeSet {
    ["okta.users.read"].into_iter().collect()
}

#[tokio::test]
async fn fifty_cold_processes_make_one_token_request_and_no_secret_is_seen() {
    let server = StoreServer::start(StoreKind::Redis).await.unwrap();
    let port = server.addresses()[0].rsplit(':').next().unwrap().to_owned();
    let mut monitor = Command::new("redis-cli")
        .args(["-p", &port, "monitor"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = Arc::new(Mutex::new(String::new()));
    let reading = {
        let (output, lines) = (BufReader::new(monitor.stdout.take().unwrap()), lines.clone());
        std::thread::spawn(move || {
            for line in output.split(b'\n').map_while(Result::ok) {
                lines.lock().unwrap().push_str(&String::from_utf8_lossy(&line));
            }
        })
    };
    pause(200).await;
    let endpoint = Endpoint::new();
    let running: Vec<_> = (0..50)
        .map(|_| {
            let tokens = tokens(&server, &endpoint, key("a"));
            tokio::spawn(async move { tokens.fetch(&scopes()).await.unwrap().bearer_token().unwrap() })
        })
        .collect();
    for token in running {
        assert_eq!(token.await.unwrap().expose_secret(), "canary-secret-0");
    }
    assert_eq!(endpoint.requests.load(Ordering::Relaxed), 1);
    pause(200).await;
    monitor.kill().unwrap();
    monitor.wait().unwrap();
    reading.join().unwrap();
    let seen = lines.lock().unwrap().clone();
    assert!(seen.contains("okta-token"), "{seen}");
    assert!(!seen.contains("canary-secret") && !seen.contains(&"a".repeat(64)));
}

#[tokio::test]
async fn a_process_that_asks_again_gets_another_token_and_the_rest_take_that_one() {
    let server = StoreServer::start(StoreKind::Redis).await.unwrap();
    let endpoint = Endpoint::new();
    let (one, two) = (
        tokens(&server, &endpoint, key("a")),
        tokens(&server, &endpoint, key("a")),
    );
    let fetch = async |tokens: &SharedTokens<_, _>| {
        let token = tokens.fetch(&scopes()).await.unwrap().bearer_token().unwrap();
        token.expose_secret().to_owned()
    };
    assert_eq!(fetch(&one).await, "canary-secret-0");
    assert_eq!(fetch(&two).await, "canary-secret-0");
    // The first renews it: the token of the store is the one that it has.
    assert_eq!(fetch(&one).await, "canary-secret-1");
    assert_eq!(fetch(&two).await, "canary-secret-1");
}

#[tokio::test]
async fn a_process_with_another_key_cannot_read_a_token() {
    let server = StoreServer::start(StoreKind::Redis).await.unwrap();
    let endpoint = Endpoint::new();
    let first = tokens(&server, &endpoint, key("a")).fetch(&scopes()).await.unwrap();
    let other = tokens(&server, &endpoint, key("b")).fetch(&scopes()).await.unwrap();
    assert_ne!(
        first.bearer_token().unwrap().expose_secret(),
        other.bearer_token().unwrap().expose_secret()
    );
    // A new key that also knows the earlier one reads it.
    let rotated = key("c").and_earlier(&key("b"));
    let read = tokens(&server, &endpoint, rotated).fetch(&scopes()).await.unwrap();
    assert_eq!(
        read.bearer_token().unwrap().expose_secret(),
        other.bearer_token().unwrap().expose_secret()
    );
}

#[tokio::test]
async fn a_process_that_lost_its_lock_stores_nothing() {
    let server = StoreServer::start(StoreKind::Redis).await.unwrap();
    let store = store(&server);
    let first = store.lock("name", Duration::from_millis(100)).await.unwrap().unwrap();
    assert_eq!(store.lock("name", Duration::from_secs(1)).await.unwrap(), None);
    pause(150).await;
    let second = store.lock("name", Duration::from_secs(1)).await.unwrap().unwrap();
    assert!(second > first);
    let token = |byte| Some(SealedToken::new(vec![byte], Duration::from_secs(60)));
    assert!(!store.put("name", first, token(1)).await.unwrap());
    assert!(store.put("name", second, token(2)).await.unwrap());
    assert_eq!(store.get("name").await.unwrap().unwrap().bytes, [2]);
}

#[tokio::test]
async fn without_a_store_each_process_requests_its_own_token() {
    let mut server = StoreServer::start(StoreKind::Redis).await.unwrap();
    let endpoint = Endpoint::new();
    let tokens = tokens(&server, &endpoint, key("a"));
    server.kill();
    let token = tokens.fetch(&scopes()).await.unwrap();
    assert_eq!(token.bearer_token().unwrap().expose_secret(), "canary-secret-0");
}
