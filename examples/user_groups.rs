//! Groups: list those of a user, create one, add a user.
//!
//! ```text
//! cargo run --example user_groups
//! ```

use okta_client::{
    OktaClient,
    models::{GroupProfile, GroupRequest},
};
use okta_examples::{Outcome, connect, create_user, delete_user, login};

#[tokio::main]
async fn main() -> Outcome {
    let (okta, _org) = connect().await?;
    let user = create_user(&okta, &login("user.groups")).await?;

    let name = format!("Group-Test {}", std::process::id());
    let request = GroupRequest::new(GroupProfile::default().name(name));
    let group = okta.groups().create(request).await?;
    let group = group.require_id()?;

    let outcome = show(&okta, &user, group).await;
    okta.groups().delete(group).await?;
    delete_user(&okta, &user).await?;
    outcome
}

async fn show(okta: &OktaClient, user: &str, group: &str) -> Outcome {
    println!("before  {:?}", groups_of(okta, user).await?);
    okta.groups().assign_user(group, user).await?;
    println!("after   {:?}", groups_of(okta, user).await?);
    let members = okta.groups().list_users(group).stream().try_collect().await?;
    println!("members {}", members.len());
    Ok(())
}

async fn groups_of(okta: &OktaClient, user: &str) -> Outcome<Vec<String>> {
    let groups = okta.users().list_groups(user).stream().try_collect().await?;
    let names = groups.into_iter().filter_map(|group| group.profile?.get("name").ok()?);
    Ok(names.collect())
}
