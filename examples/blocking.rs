//! Calls without `async`: every builder has a `call()` beside `.await`.
//!
//! ```text
//! cargo run --example blocking
//! ```
//!
//! For programs, scripts and threads that have no runtime. Needs the feature `blocking`.

use okta_client::bulk;
use okta_examples::{Outcome, connect};
use tokio::runtime::Runtime;

fn main() -> Outcome {
    // For the org in memory. Your own client needs none: it is `OktaClient::from_env()?`.
    let runtime = Runtime::new()?;
    let (okta, _org) = runtime.block_on(connect())?;

    let me = okta.users().get("me").call()?;
    println!("I am     {:?}", me.profile.and_then(|profile| profile.login));

    // Lists are iterators, over all their pages.
    let mut ids = Vec::new();
    for user in okta.users().list().limit(2).stream().call().take(4) {
        ids.extend(user?.id);
    }
    println!("listed   {}", ids.len());

    // Several calls at a time, or any other future.
    let mut read = bulk(ids, |id| okta.users().get(id));
    okta.block_on(async { while read.next().await.is_some() {} })?;
    println!(
        "read     {} at a time, {} failed",
        read.progress().done,
        read.progress().failed
    );

    // Inside a runtime, blocking would stop it.
    match runtime.block_on(async { okta.users().get("me").call() }) {
        Err(error) => println!("refused  {error}"),
        Ok(_) => println!("called inside a runtime"),
    }
    Ok(())
}
