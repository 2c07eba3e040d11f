//! Custom attributes, set and read by their names in Okta.
//!
//! ```text
//! cargo run --example custom_attributes
//! ```
//!
//! In a real org the attribute `customAttr` has to be defined in the profile editor first.

use okta_client::{
    OktaClient,
    models::{CreateUserRequest, UserProfile},
};
use okta_examples::{Outcome, connect, delete_user, login};
use serde_json::json;

#[tokio::main]
async fn main() -> Outcome {
    let (okta, _org) = connect().await?;

    // Member by member ...
    let john = profile("John", "Smith").with("customAttr", "custom value");
    // ... or from JSON as Okta has it: the same.
    let from_json: UserProfile = serde_json::from_value(json!({
        "firstName": "John",
        "lastName": "Smith",
        "email": login("John"),
        "login": login("John"),
        "customAttr": "custom value",
    }))?;
    println!("the same: {}", john == from_json);

    let neo = profile("Neo", "Anderson");
    let mut created = Vec::new();
    for profile in [john, neo] {
        let user = okta.users().create(CreateUserRequest::new(profile)).await?;
        created.push(user.require_id()?.to_owned());
    }
    let outcome = show(&okta, &created).await;
    for id in &created {
        delete_user(&okta, id).await?;
    }
    outcome
}

async fn show(okta: &OktaClient, ids: &[String]) -> Outcome {
    for id in ids {
        let profile = okta.users().get(id).await?.profile.unwrap_or_default();
        let name = [&profile.first_name, &profile.last_name].map(|name| name.as_deref().unwrap_or_default());
        println!("{}", name.join(" "));
        // An attribute is read as the type it has; a user without it is not an error.
        match profile.get::<String>("customAttr")? {
            Some(value) => println!("{value}"),
            None => println!("User has no customAttr"),
        }
    }
    Ok(())
}

fn profile(first_name: &str, last_name: &str) -> UserProfile {
    let login = login(first_name);
    let profile = UserProfile::default().first_name(first_name).last_name(last_name);
    profile.email(&*login).login(login)
}
