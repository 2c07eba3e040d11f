//! What the SDK logs, by the settings below `okta.client.logging`.
//!
//! The SDK emits `tracing` events; this is the ready subscriber for programs that have none. The lines go
//! to standard error. No level shows a token or a body.

use okta_client::{
    config::{LogLevel, LoggingConfig},
    logging,
};
use okta_examples::{Outcome, connect};

#[tokio::main]
async fn main() -> Outcome {
    // Or the settings of a file: `Loader::new().load()?.config.logging`.
    let mut settings = LoggingConfig::default();
    settings.enabled = true;
    settings.level = LogLevel::Trace;
    logging::init(&settings)?;

    let (okta, _org) = connect().await?;
    let users = okta.users().list().limit(2).await?;
    println!("listed    {} users", users.items.len());
    if let Err(error) = okta.users().get("unknown").await {
        println!("not found {error}");
    }
    Ok(())
}
