//! Lists in pages: one at a time, all items as a stream, all pages as a stream, and resumed where another run stopped.
//!
//! ```text
//! cargo run --example paging
//! ```
//!
//! Two users per page need many requests in a large org: raise the limit there.

use okta_client::{Cursor, Page, models::User};
use okta_examples::{Outcome, connect};

#[tokio::main]
async fn main() -> Outcome {
    let (okta, org) = connect().await?;
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
    let mut pages = list.clone().pages();
    while let Some(page) = pages.try_next().await? {
        println!("  {}", page.items.len());
    }

    println!("resumed by another client, from a saved cursor:");
    // A text without credentials, for a file or a database.
    let cursor = list.await?.cursor().ok_or("there is only one page")?;
    let saved = cursor.to_string();
    let other = org.builder()?.build()?;
    let mut rest = other.users().list().resume(Cursor::from(saved)).pages();
    while let Some(page) = rest.try_next().await? {
        println!("  {}", logins(&page));
    }
    Ok(())
}

fn logins(page: &Page<User>) -> String {
    let profiles = page.items.iter().filter_map(|user| user.profile.as_ref());
    let logins: Vec<_> = profiles.filter_map(|profile| profile.login.as_deref()).collect();
    logins.join(", ")
}
