//! The main features in one program: a user with a custom attribute, a group, a list over several pages, an error, and cleaning up.
//!
//! With a configuration (`okta.yaml`, `OKTA_CLIENT_…`) it works on that org; without one, on an Okta org in memory.

use okta_client::{
    OktaClient,
    models::{CreateUserRequest, GroupProfile, GroupRequest, UpdateUserRequest, UserProfile},
};
use okta_examples::{Outcome, connect, login};

#[tokio::main]
async fn main() -> Outcome {
    let (okta, _org) = connect().await?;

    let login = login("ann.quickstart");
    let profile = UserProfile::default()
        .first_name("Ann")
        .last_name("Quick")
        .email(&*login)
        .login(&*login);
    // A custom attribute.
    let profile = profile.with("badgeId", "B-4711");
    let user = okta
        .users()
        .create(CreateUserRequest::new(profile))
        .activate(false)
        .await?;
    let user_id = user.require_id()?;
    println!("created   {login} as {user_id}");

    let profile = GroupProfile::default().name(format!("Quickstart of {login}"));
    let group = okta.groups().create(GroupRequest::new(profile)).await?;
    let group_id = group.require_id()?;

    let outcome = look_around(&okta, user_id, group_id).await;

    // A user is deleted in two steps, as in Okta's console.
    okta.users().deactivate(user_id).await?;
    okta.users().delete(user_id).await?;
    okta.groups().delete(group_id).await?;
    println!("deleted   the user and the group");
    outcome
}

async fn look_around(okta: &OktaClient, user_id: &str, group_id: &str) -> Outcome {
    // A change of one attribute leaves all others as they are.
    let change = UpdateUserRequest::default().profile(UserProfile::default().nick_name("Annie"));
    let profile = okta
        .users()
        .update(user_id, change)
        .await?
        .profile
        .ok_or("the user has no profile")?;
    println!(
        "updated   nickName {:?}, badgeId {:?}",
        profile.nick_name,
        profile.get::<String>("badgeId")?
    );

    okta.groups().assign_user(group_id, user_id).await?;
    println!("added     to the new group {group_id}");

    // The stream requests the next page when it needs it.
    let mut users = okta.users().list().limit(2).stream();
    let mut logins = Vec::new();
    while logins.len() < 5
        && let Some(user) = users.try_next().await?
    {
        logins.extend(user.profile.and_then(|profile| profile.login));
    }
    println!("listed    {} users, two a page: {}", logins.len(), logins.join(", "));

    match okta.users().get("unknown").await {
        Err(error) if error.is_not_found() => println!("not found {error}"),
        Err(error) => return Err(error.into()),
        Ok(_) => println!("there is a user called unknown"),
    }
    Ok(())
}
