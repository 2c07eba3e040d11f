//! Follows the System Log as it grows, over a restart: no event is missing, and none comes twice.
//!
//! ```text
//! cargo run --example tail_logs
//! ```
//!
//! Rate limits, outages and broken connections are waited out. The position is kept in a file here; who keeps the events in a
//! database keeps it there (`CursorStore`), in the same transaction.

use std::time::Duration;

use okta_client::{FileStore, Tail};
use okta_examples::{Outcome, connect, create_user, delete_user, login};

#[tokio::main]
async fn main() -> Outcome {
    let (okta, org) = connect().await?;
    let directory = tempfile::tempdir()?;
    let store = FileStore::new(directory.path().join("okta-log.position"));

    let id = create_user(&okta, &login("tail.logs")).await?;
    // From there on, by Okta's own clock; of this user only. All events are `okta.logs().tail(since)`.
    let since = okta.users().get(&id).await?.created.ok_or("the user has no date")?;
    let list = okta
        .logs()
        .list()
        .since(since.to_string())
        .filter(format!(r#"target.id eq "{id}""#));
    println!("first run:");
    print_until("user.lifecycle.create", list.tail().store(store.clone())).await?;

    // What happens meanwhile waits.
    delete_user(&okta, &id).await?;

    println!("after a restart:");
    let okta = org.builder()?.build()?;
    // The position in the store counts, whatever `since` says; without one it is the same tail.
    let list = okta
        .logs()
        .list()
        .since(since.to_string())
        .filter(format!(r#"target.id eq "{id}""#));
    let tail = list.tail().store(store).poll_interval(Duration::from_secs(1));
    print_until("user.lifecycle.delete.initiated", tail).await
}

/// Prints events up to the first of this type, and stops cleanly: with the position saved.
async fn print_until(event_type: &str, mut tail: Tail) -> Outcome {
    // In your program: for a signal handler.
    let stop = tail.stop_handle();
    while let Some(event) = tail.try_next().await? {
        println!("  {}", event.event_type.as_deref().unwrap_or_default());
        if event.event_type.as_deref() == Some(event_type) {
            stop.stop();
        }
    }
    Ok(())
}
