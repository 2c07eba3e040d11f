# let settings = models::BookmarkApplicationSettings::default()
#     .app(models::BookmarkApplicationSettingsApplication::new("https://wiki.example.com"));
# let app = okta.apps().create(models::BookmarkApplication::new("Wiki", settings)).await?;
# let app_id = app.require_id()?;
# let user = okta.users().get("user1@example.com").await?;
# let user_id = user.require_id()?;
// Gives an application to one user, with the user's name there.
let credentials = models::AppUserCredentials::default().user_name("ann");
okta.app_users().assign(app_id, models::AppUser::new(user_id).credentials(credentials)).await?;

let assigned = okta.app_users().get(app_id, user_id).optional().await?;
assert!(assigned.is_some()); // `None`: the user does not have the application
