//! Responses decoded as types of your own, straight from the bytes, and items that are passed on undecoded.
//!
//! ```text
//! cargo run --example own_types
//! ```
//!
//! Paging, retries and errors are the same as with the models of the SDK. A type of few fields is much cheaper to decode.

use okta_client::{OktaClient, models::expression::attr};
use okta_examples::{Outcome, connect, create_user, delete_user, login};
use serde::Deserialize;

#[derive(Deserialize)]
struct Account {
    status: String,
    profile: Profile,
}

#[derive(Deserialize)]
struct Profile {
    login: String,
    #[serde(rename = "badgeId")]
    badge_id: Option<String>,
}

/// A type that borrows from the item.
#[derive(Deserialize)]
struct Key<'a> {
    id: &'a str,
}

#[tokio::main]
async fn main() -> Outcome {
    let (okta, _org) = connect().await?;
    let id = create_user(&okta, &login("own.types")).await?;
    let outcome = show(&okta, &id).await;
    delete_user(&okta, &id).await?;
    outcome
}

async fn show(okta: &OktaClient, id: &str) -> Outcome {
    let account = okta.users().get(id).json_as::<Account>().await?;
    let profile = account.profile;
    println!("own type  {} {} {:?}", account.status, profile.login, profile.badge_id);

    let list = || okta.users().list().search(attr("id").eq(&*id)).limit(200);
    let mut accounts = list().items_as::<Account>().stream();
    loop {
        match accounts.try_next().await {
            Ok(Some(account)) => println!("of a list {}", account.profile.login),
            Ok(None) => break,
            // A record that does not fit the type: here is its JSON, and the next call returns the record after it.
            Err(error) if error.item_position().is_some() => eprintln!("{error:#}: {:?}", error.body()),
            Err(error) => return Err(error.into()),
        }
    }

    let mut records = list().items_raw().stream();
    while let Some(record) = records.try_next().await? {
        let key: Key<'_> = record.parse()?;
        println!("verbatim  {} bytes, of {}", record.as_str().len(), key.id == id);
    }
    Ok(())
}
