//! A user, by id and by login.
//!
//! ```text
//! cargo run --example get_user
//! ```

use okta_client::OktaClient;
use okta_examples::{Outcome, connect, create_user, delete_user, login};

#[tokio::main]
async fn main() -> Outcome {
    let (okta, _org) = connect().await?;
    let login = login("get.user");
    let id = create_user(&okta, &login).await?;
    let outcome = show(&okta, &id, &login).await;
    delete_user(&okta, &id).await?;
    outcome
}

async fn show(okta: &OktaClient, id: &str, login: &str) -> Outcome {
    let by_id = okta.users().get(id).await?;
    println!("by id    {:?}", by_id.profile.and_then(|profile| profile.login));

    // Special characters of the login are escaped.
    let by_login = okta.users().get(login).await?;
    println!("by login {:?}", by_login.id);
    println!("the same {}", by_login.id.as_deref() == Some(id));
    Ok(())
}
