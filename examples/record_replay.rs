//! A test without an org: record the responses of an org once, and replay them in every run.
//!
//! Secrets and the org's address are hidden before anything is written, so a cassette can be committed. Needs the feature
//! `cassette`.

use okta_client::{
    OktaClient,
    transport::{Recorder, Replay},
};
use okta_examples::{Org, Outcome};

#[tokio::main]
async fn main() -> Outcome {
    let directory = tempfile::tempdir()?;
    let cassette = directory.path().join("users.json");

    // Once, against an org.
    let org = Org::find().await?;
    let recorder = Recorder::create(&cassette)?;
    let okta = org.builder()?.attempt_layer(recorder.layer()).build()?;
    println!("recording {}", work(&okta).await?);
    let recorded = recorder.finish()?;
    println!(
        "recorded  {} exchanges, {} bytes",
        recorded.exchanges,
        std::fs::metadata(&cassette)?.len()
    );
    drop((okta, org));

    // In every later run, without an org: any address and any token work.
    let replay = Replay::open(&cassette)?;
    let okta = OktaClient::builder()
        .org_url("https://acme.okta.com")
        .api_token("none")
        .service(replay.clone())
        .build()?;
    println!("replaying {}", work(&okta).await?);
    println!("unused    {:?}", replay.unused());

    // A request that was not recorded is an error that names the nearest recorded one.
    if let Err(error) = okta.users().get("unknown").await {
        println!("unknown   {error:#}");
    }
    Ok(())
}

/// The code under test.
async fn work(okta: &OktaClient) -> Outcome<String> {
    let users = okta.users().list().limit(2).await?.items;
    let logins = users.into_iter().filter_map(|user| user.profile?.login);
    Ok(logins.collect::<Vec<_>>().join(", "))
}
