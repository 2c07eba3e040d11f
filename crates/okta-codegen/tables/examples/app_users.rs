# given: bookmark_app
# given: user
// Gives an application to one user, with the user's name there.
let credentials = models::AppUserCredentials::default().user_name("ann");
okta.app_users().assign(app_id, models::AppUser::new(user_id).credentials(credentials)).await?;

let assigned = okta.app_users().get(app_id, user_id).optional().await?;
assert!(assigned.is_some()); // `None`: the user does not have the application
