//! A checkpoint store of your own: events and checkpoint are saved together, so that each event counts exactly once.
//!
//! ```text
//! cargo run --example custom_checkpoint_store
//! ```

use std::{
    mem::take,
    sync::{Arc, Mutex, PoisonError},
};

use okta_client::{
    BoxError, OktaClient,
    log_tail::{Checkpoint, CheckpointStore},
};
use okta_emulator::Emulator;
use okta_examples::{Org, Outcome, create_user, login};

/// Takes the place of a database.
#[derive(Default)]
struct Database(Mutex<Tables>);

#[derive(Default)]
struct Tables {
    /// What the program made of the events since the last commit.
    pending: Vec<String>,
    results: Vec<String>,
    /// The row of the checkpoint, as JSON.
    checkpoint: Option<String>,
}

impl CheckpointStore for Database {
    async fn load(&self) -> Result<Option<Checkpoint>, BoxError> {
        let tables = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let saved = tables.checkpoint.as_deref();
        Ok(saved.map(serde_json::from_str).transpose()?)
    }

    async fn save(&self, checkpoint: &Checkpoint) -> Result<(), BoxError> {
        let mut tables = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // One transaction.
        let pending = take(&mut tables.pending);
        tables.results.extend(pending);
        tables.checkpoint = Some(serde_json::to_string(checkpoint)?);
        Ok(())
    }
}

#[tokio::main]
async fn main() -> Outcome {
    let org = Org::in_memory(Emulator::builder().build()?).await?;
    let okta = org.builder()?.build()?;
    let database = Arc::new(Database::default());
    create_user(&okta, &login("first.run")).await?;
    run(&okta, &database, 2).await?;
    create_user(&okta, &login("second.run")).await?;
    run(&okta, &database, 2).await?;
    let results = database.0.lock().unwrap_or_else(PoisonError::into_inner);
    println!("saved    {:?}", results.results);
    Ok(())
}

/// Reads so many events and stops.
async fn run(okta: &OktaClient, database: &Arc<Database>, events: usize) -> Outcome {
    let mut tail = okta.logs().tail("2020-01-01T00:00:00Z").store(database.clone());
    let stop = tail.stop_handle();
    let mut read = 0;
    while let Some(event) = tail.try_next().await? {
        let event_type = event.event_type.unwrap_or_default();
        println!("read     {event_type}");
        let mut tables = database.0.lock().unwrap_or_else(PoisonError::into_inner);
        tables.pending.push(event_type);
        read += 1;
        if read == events {
            stop.stop();
        }
    }
    Ok(())
}
