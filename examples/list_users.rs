//! Users: all, by filter, and by search.
//!
//! ```text
//! cargo run --example list_users
//! ```

use okta_client::prelude::*;
use okta_examples::{Outcome, connect};

#[tokio::main]
async fn main() -> Outcome {
    let (okta, _org) = connect().await?;

    println!("all:");
    show(okta.users().list().stream()).await?;

    println!("active:");
    show(okta.users().list().filter(attr("status").eq("ACTIVE")).stream()).await?;

    println!("found, by last name:");
    let search = okta.users().list().search(attr("profile.login").sw("user"));
    show(search.sort_by("profile.lastName").sort_order("desc").stream()).await?;

    println!("beginning with Do:");
    show(okta.users().list().q("Do").stream()).await
}

/// At most five.
async fn show(mut users: Pager<models::User>) -> Outcome {
    let mut left = 5;
    while left > 0
        && let Some(user) = users.try_next().await?
    {
        let profile = user.profile.unwrap_or_default();
        let names = [profile.first_name, profile.last_name, profile.login].map(Option::unwrap_or_default);
        println!("  {}", names.join(" "));
        left -= 1;
    }
    Ok(())
}
