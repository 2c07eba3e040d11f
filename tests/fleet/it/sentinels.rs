//! Redis over TLS with a private certificate authority, with users and passwords, through a Sentinel.

use std::time::Duration;

use okta_fleet::{RedisEpochs, RedisServer, RedisServerBuilder, epochs::Epochs};
use okta_fleet_run::sentinels::{PASSWORD, PRIMARY, Sentinels, USER};

use crate::pause;

const LEASE: Duration = Duration::from_secs(30);

fn builder(servers: &Sentinels) -> RedisServerBuilder {
    RedisServer::builder().root_certificates_pem(servers.authority())
}

fn through_sentinel(servers: &Sentinels, password: &str) -> RedisEpochs {
    let builder = builder(servers).primary_credentials(USER, password.to_owned());
    RedisEpochs::new(builder.sentinel(&[&servers.sentinel()], PRIMARY).unwrap())
}

#[tokio::test]
async fn a_server_with_a_private_authority_and_a_user_is_used_and_others_are_refused() {
    let servers = Sentinels::start().await.unwrap();
    let url = servers.primary(&format!("{USER}:{PASSWORD}@"));
    let epochs = RedisEpochs::new(builder(&servers).one(&url).unwrap());
    let held = epochs.acquire("log", "a", LEASE).await.unwrap().unwrap();
    epochs.save("log", held.epoch, b"here").await.unwrap();
    assert_eq!(epochs.load("log").await.unwrap().as_deref(), Some(&b"here"[..]));

    // The system's authorities did not sign it.
    let untrusting = RedisEpochs::new(RedisServer::new(&url).unwrap());
    let error = untrusting.load("log").await.unwrap_err();
    assert!(!format!("{error:?} {error}").contains("canary"), "{error:?}");

    for credentials in ["", "fleet:canary-wrong@", ":canary-primary@"] {
        let url = servers.primary(credentials);
        let refused = RedisEpochs::new(builder(&servers).one(&url).unwrap());
        let error = refused.load("log").await.unwrap_err();
        assert!(!format!("{error:?} {error}").contains("canary"), "{error:?}");
    }
}

#[tokio::test]
async fn the_lease_goes_on_at_the_primary_that_the_sentinel_names_after_a_failover() {
    let mut servers = Sentinels::start().await.unwrap();
    let epochs = through_sentinel(&servers, PASSWORD);
    let held = epochs.acquire("log", "a", LEASE).await.unwrap().unwrap();
    epochs.save("log", held.epoch, b"before").await.unwrap();
    // Replication is asynchronous.
    pause(500).await;
    assert!(through_sentinel(&servers, "canary-wrong").load("log").await.is_err());

    servers.fail_over().await.unwrap();
    let mut loaded = epochs.load("log").await;
    for _ in 0..100 {
        if loaded.is_ok() {
            break;
        }
        pause(50).await;
        loaded = epochs.load("log").await;
    }
    assert_eq!(loaded.unwrap().as_deref(), Some(&b"before"[..]));
    epochs.save("log", held.epoch, b"after").await.unwrap();
    assert_eq!(epochs.load("log").await.unwrap().as_deref(), Some(&b"after"[..]));
}
