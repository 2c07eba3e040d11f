//! Expressions for `search` and `filter`: conditions with values from anywhere.
//!
//! ```text
//! cargo run --example expressions -- 'The "new" group'
//! ```

use okta_client::prelude::*;
use okta_examples::{Outcome, connect};

#[tokio::main]
async fn main() -> Outcome {
    let (okta, _org) = connect().await?;
    // Whatever the user types stays one value.
    let name = std::env::args()
        .nth(1)
        .unwrap_or_else(|| r#"The "new" group"#.to_owned());
    let profile = models::GroupProfile::default().name(&*name);
    let group = okta.groups().create(models::GroupRequest::new(profile)).await?;
    let outcome = show(&okta, &name).await;
    okta.groups().delete(group.id.ok_or("the new group has no id")?).await?;
    outcome
}

async fn show(okta: &OktaClient, name: &str) -> Outcome {
    let search = attr("profile.name").eq(name).and(attr("type").eq("OKTA_GROUP"));
    println!("groups with {search}:");
    let groups: Vec<models::Group> = okta.groups().list().search(search).stream().try_collect().await?;
    println!("  {}", groups.len());

    let since: models::Timestamp = "2026-01-01T00:00:00.000Z".parse()?;
    let recent = attr("lastUpdated").gt(since);
    let states = attr("status").one_of(["ACTIVE", "PROVISIONED"]);
    let filter = recent.and(states);
    println!("users with {filter}:");
    let users: Vec<models::User> = okta.users().list().filter(filter).stream().try_collect().await?;
    println!("  {}", if users.is_empty() { "none" } else { "some" });

    // A name of an attribute cannot be escaped, so another is an error before anything is sent.
    match okta.users().list().search(attr("id pr or status").eq("x")).await {
        Ok(_) => println!("this does not happen"),
        Err(error) => println!("{error}"),
    }
    Ok(())
}
