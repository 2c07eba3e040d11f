//! Guards: a client that only reads, a dry run that shows each write instead of sending it, and an audit of all calls.
//!
//! ```text
//! cargo run --example read_only
//! ```
//!
//! The table of operations says what writes, not the method alone: simulating policies reads with `POST`.

use okta_client::transport::{
    causes,
    guard::{AuditLayer, AuditRecord, DryRunError, DryRunLayer, ReadOnlyLayer},
};
use okta_examples::{Org, Outcome};

#[tokio::main]
async fn main() -> Outcome {
    let org = Org::find().await?;
    // Runs on a separate thread. A real sink writes to a file or a queue.
    let audit = AuditLayer::new(|record: &AuditRecord| {
        let operation = record.operation.map_or("unknown", |operation| operation.id);
        let targets: Vec<_> = record.targets().map(|(name, id)| format!("{name}={id}")).collect();
        println!("  audit  {operation} [{}]: {}", targets.join(" "), record.outcome);
    });

    println!("a client that only reads:");
    let okta = org
        .builder()?
        .layer(audit.clone()) // outermost, so that it reports what the guard refuses
        .layer(ReadOnlyLayer::new())
        .build()?;
    okta.users().list().limit(1).await?;
    let error = okta
        .users()
        .delete("00u1")
        .await
        .err()
        .ok_or("the guard let a write pass")?;
    audit.flush().await;
    println!("  {error:#}");
    println!(
        "  withheld: {}, maybe carried out: {}",
        error.is_withheld(),
        error.maybe_carried_out()
    );

    println!("a dry run:");
    let okta = org.builder()?.layer(DryRunLayer::new()).build()?;
    let error = okta
        .groups()
        .assign_user("00g1", "00u1")
        .await
        .err()
        .ok_or("the write was sent")?;
    let unsent = causes::find::<DryRunError>(&error).ok_or("another error")?.request();
    println!("  would send {unsent}");
    Ok(())
}
