//! What the SDK logs, by the settings below `okta.client.logging`.
//!
//! The SDK emits `tracing` events whoever listens; this is the ready subscriber for programs that have none. The lines go
//! to standard error. No level shows a token or a body.

use std::error::Error;

use okta_client::{
    config::{LogLevel, LoggingConfig},
    logging,
};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    // Or those of a file: `Loader::new().load()?.config.logging`.
    let mut settings = LoggingConfig::default();
    settings.enabled = true;
    settings.level = LogLevel::Trace;
    logging::init(&settings)?;

    let (builder, _server) = okta_examples::builder().await?;
    let okta = builder.build()?;
    let users = okta.users().list().limit(2).await?;
    println!("listed    {} users", users.items.len());
    if let Err(error) = okta.users().get("nobody").await {
        println!("not found {error}");
    }
    Ok(())
}
