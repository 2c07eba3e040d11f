//! Waiting for eventual changes: a search that finds a new user, a deletion that ends after the response.
//!
//! ```text
//! cargo run --example wait_until
//! ```
//!
//! The delays grow from 1 s to 15 s, one minute in total, by default. A 404 counts as not yet there,
//! and a transient failure as no response; any other error ends the waiting.

use std::time::Duration;

use okta_client::{
    OktaClient, Wait, WaitError,
    models::{UserStatus, expression::attr},
    wait_until,
};
use okta_examples::{Outcome, connect, create_user, delete_user, login};

#[tokio::main]
async fn main() -> Outcome {
    let (okta, _org) = connect().await?;
    let login = login("wait.until");

    // Another program creates the user while this program waits for it.
    let often = Wait::new().initial_delay(Duration::from_millis(50));
    let (there, created) = tokio::join!(
        often.until(
            || okta.users().get(&*login),
            |user| user.status == Some(UserStatus::Active)
        ),
        create_user(&okta, &login),
    );
    let id = created?;
    println!("there    {}", there?.id.as_deref() == Some(&*id));

    let outcome = show(&okta, &login, &id).await;
    delete_user(&okta, &id).await?;
    often.until_gone(|| okta.users().get(&*id)).await?;
    println!("gone     {id}");
    outcome
}

async fn show(okta: &OktaClient, login: &str, id: &str) -> Outcome {
    // A search finds a new user a little later than a request by id.
    let search = okta.users().list().search(attr("profile.login").eq(login));
    let found = wait_until(|| search.clone(), |page| !page.items.is_empty()).await?;
    println!("found    {} by a search", found.items.len());

    // Waiting ends at the deadline.
    let briefly = Wait::new()
        .initial_delay(Duration::from_millis(10))
        .deadline(Duration::from_millis(200));
    let locked = briefly.until(
        || okta.users().get(id),
        |user| user.status == Some(UserStatus::LockedOut),
    );
    match locked.await {
        Err(expired @ WaitError::Expired { .. }) => println!("expired  {expired}"),
        Err(error) => return Err(error.into()),
        Ok(_) => println!("locked"),
    }
    Ok(())
}
