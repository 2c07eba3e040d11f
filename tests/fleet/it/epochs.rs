//! One writer of many.

use std::time::Duration;

use okta_fleet::{
    PostgresEpochs, PostgresServer, RedisEpochs, RedisServer,
    epochs::{Epochs, SaveError},
};
use okta_fleet_run::{StoreKind, servers::StoreServer};

use crate::pause;

const SHORT: Duration = Duration::from_millis(150);

async fn elects_and_refuses(epochs: impl Epochs) {
    let first = epochs.acquire("log", "a", SHORT).await.unwrap().unwrap();
    assert_eq!(
        epochs.acquire("log", "b", SHORT).await.unwrap(),
        None,
        "another process leads"
    );
    let renewed = epochs.acquire("log", "a", SHORT).await.unwrap().unwrap();
    assert_eq!(renewed.epoch, first.epoch, "a renewal keeps the epoch");
    assert_eq!(epochs.load("log").await.unwrap(), None);
    epochs.save("log", first.epoch, b"page 1").await.unwrap();
    pause(200).await;
    // Expired, but not taken: no harm is done.
    epochs.save("log", first.epoch, b"page 2").await.unwrap();
    let second = epochs.acquire("log", "b", SHORT).await.unwrap().unwrap();
    assert!(second.epoch > first.epoch);
    // The first one wakes up and does not know.
    let error = epochs.save("log", first.epoch, b"page 2 again").await.unwrap_err();
    assert!(error.is_stale(), "{error}");
    assert_eq!(epochs.load("log").await.unwrap().unwrap(), b"page 2");
    epochs.save("log", second.epoch, b"page 3").await.unwrap();
    assert_eq!(epochs.load("log").await.unwrap().unwrap(), b"page 3");
    // What is given back can be taken at once, and by a stale holder it cannot be given back.
    epochs.release("log", first.epoch).await.unwrap();
    assert_eq!(epochs.acquire("log", "c", SHORT).await.unwrap(), None);
    epochs.release("log", second.epoch).await.unwrap();
    assert!(epochs.acquire("log", "c", SHORT).await.unwrap().unwrap().epoch > second.epoch);
}

#[tokio::test]
async fn a_stale_leader_cannot_save_in_redis() {
    let server = StoreServer::start(StoreKind::Redis).await.unwrap();
    elects_and_refuses(RedisEpochs::new(RedisServer::new(&server.addresses()[0]).unwrap())).await;
}

#[tokio::test]
async fn a_stale_leader_cannot_save_in_postgres() {
    let server = StoreServer::start(StoreKind::Postgres).await.unwrap();
    let address = server.addresses()[0].clone();
    elects_and_refuses(PostgresEpochs::new(PostgresServer::new(address.parse().unwrap()))).await;

    // In the transaction of the sink: the stale one's events are rolled back with it.
    let (mut client, connection) = tokio_postgres::connect(&address, tokio_postgres::NoTls).await.unwrap();
    tokio::spawn(connection);
    client.batch_execute("CREATE TABLE events (id int)").await.unwrap();
    let transaction = client.transaction().await.unwrap();
    transaction.execute("INSERT INTO events VALUES (1)", &[]).await.unwrap();
    let error = PostgresEpochs::save_in(&transaction, "log", 1, b"late")
        .await
        .unwrap_err();
    assert!(matches!(error, SaveError::Stale { epoch: 1, .. }), "{error}");
    transaction.rollback().await.unwrap();
}

#[tokio::test]
async fn an_epoch_grows_even_if_redis_has_lost_its_data() {
    let mut server = StoreServer::start(StoreKind::Redis).await.unwrap();
    let epochs = RedisEpochs::new(RedisServer::new(&server.addresses()[0]).unwrap());
    let before = epochs.acquire("log", "a", SHORT).await.unwrap().unwrap();
    server.restart().await.unwrap();
    // The first command may find the dead connection.
    let _ = epochs.load("log").await;
    let after = epochs.acquire("log", "b", SHORT).await.unwrap().unwrap();
    assert!(after.epoch > before.epoch);
    assert!(epochs.save("log", before.epoch, b"late").await.unwrap_err().is_stale());
}
