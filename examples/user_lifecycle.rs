//! A user's life: created with a password, updated, deactivated, deleted.
//!
//! ```text
//! cargo run --example user_lifecycle
//! ```

use okta_client::models::{
    CreateUserRequest, PasswordCredential, UpdateUserRequest, UserCredentialsWritable, UserProfile,
};
use okta_examples::{Outcome, connect, login};

#[tokio::main]
async fn main() -> Outcome {
    let (okta, _org) = connect().await?;
    let login = login("john.doe");

    let password = PasswordCredential::default().value("Knock*knock*neo*111");
    let profile = UserProfile::default()
        .first_name("John")
        .last_name("Doe")
        .email(&*login)
        .login(&*login);
    let request = CreateUserRequest::new(profile).credentials(UserCredentialsWritable::default().password(password));
    // Secrets are not shown.
    println!("password    {:?}", request.credentials);
    let user = okta.users().create(request).await?;
    let id = user.require_id()?;
    println!("created     {:?}", user.status);

    // Only the members that are sent change: there is no need to send the whole profile.
    let change = UpdateUserRequest::default().profile(UserProfile::default().nick_name("Oktanaut"));
    let updated = okta.users().update(id, change).await?.profile.unwrap_or_default();
    println!("updated     {:?} {:?}", updated.first_name, updated.nick_name);

    okta.users().deactivate(id).await?;
    println!("deactivated {:?}", okta.users().get(id).await?.status);

    okta.users().delete(id).await?;
    let gone = okta.users().get(id).await;
    println!("deleted     {}", gone.is_err_and(|error| error.is_not_found()));
    Ok(())
}
