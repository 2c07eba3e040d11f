//! Lists in pages: one at a time, all items as a stream, all pages as a stream.
//!
//! ```text
//! cargo run --example paging
//! ```
//!
//! Two users a page make many calls in an org with many users: raise the limit there.

use okta_client::{Page, models::User};
use okta_examples::{Outcome, connect};

#[tokio::main]
async fn main() -> Outcome {
    let (okta, _org) = connect().await?;
    let list = okta.users().list().limit(2);

    println!("one page at a time:");
    let mut page = list.clone().await?;
    println!("  {}", logins(&page));
    while let Some(next) = page.next().await? {
        println!("  {}", logins(&next));
        page = next;
    }
    println!("  one more: {}", page.has_next());

    println!("items, whatever page they are on:");
    let mut users = list.clone().stream();
    let mut count = 0;
    while let Some(user) = users.try_next().await? {
        count += usize::from(user.id.is_some());
    }
    println!("  {count}");

    println!("pages:");
    let mut pages = list.pages();
    while let Some(page) = pages.try_next().await? {
        println!("  {}", page.items.len());
    }
    Ok(())
}

fn logins(page: &Page<User>) -> String {
    let profiles = page.items.iter().filter_map(|user| user.profile.as_ref());
    let logins: Vec<_> = profiles.filter_map(|profile| profile.login.as_deref()).collect();
    logins.join(", ")
}
