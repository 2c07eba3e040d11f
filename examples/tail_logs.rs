//! Follows the System Log as it grows, over a restart: no event is missing, and none is returned twice.
//!
//! ```text
//! cargo run --example tail_logs
//! ```
//!
//! Rate limits, outages and broken connections are waited out. This example saves the checkpoint in a file. If you store the events in
//! a database, save it there in the same transaction: see `custom_checkpoint_store.rs`.

use std::{collections::BTreeSet, time::Duration};

use okta_client::{OktaClient, Tail, log_tail::FileCheckpointStore, models::expression::attr};
use okta_examples::{Outcome, connect, create_user, delete_user, login};

#[tokio::main]
async fn main() -> Outcome {
    let (okta, org) = connect().await?;
    let directory = tempfile::tempdir()?;
    let store = FileCheckpointStore::new(directory.path().join("okta-log.checkpoint"));

    let id = create_user(&okta, &login("tail.logs")).await?;
    // From then on, by Okta's clock, and only of this user. All events are `okta.logs().tail(since)`.
    let since = okta
        .users()
        .get(&id)
        .await?
        .created
        .ok_or("the user has no date")?
        .to_string();
    let tail = |okta: &OktaClient| {
        let list = okta.logs().list().since(&*since).filter(attr("target.id").eq(&*id));
        // If the store has a checkpoint, it replaces `since`.
        list.tail().store(store.clone()).poll_interval(Duration::from_secs(1))
    };
    println!("first run:");
    let mut uuids = print_until("user.lifecycle.create", tail(&okta)).await?;

    // Events of the meantime are returned after the restart.
    delete_user(&okta, &id).await?;

    println!("after a restart:");
    let tail = tail(&org.builder()?.build()?);
    uuids.extend(print_until("user.lifecycle.delete.initiated", tail).await?);
    let different: BTreeSet<_> = uuids.iter().collect();
    println!("{} events, {} different ones", uuids.len(), different.len());
    Ok(())
}

/// Prints events up to the first of this type, and stops with the checkpoint saved.
async fn print_until(event_type: &str, mut tail: Tail) -> Outcome<Vec<String>> {
    // In your program, use this in a signal handler.
    let stop = tail.stop_handle();
    let mut uuids = Vec::new();
    while let Some(event) = tail.try_next().await? {
        println!("  {}", event.event_type.as_deref().unwrap_or_default());
        if event.event_type.as_deref() == Some(event_type) {
            stop.stop();
        }
        uuids.extend(event.uuid);
    }
    Ok(uuids)
}
