# let settings = models::BookmarkApplicationSettings::default()
#     .app(models::BookmarkApplicationSettingsApplication::new("https://wiki.example.com"));
# let app = okta.apps().create(models::BookmarkApplication::new("Wiki", settings)).await?;
# let app_id = app.require_id()?;
// A certificate for two years, which is used once the application's `credentials.signing.kid` names it.
let key = okta.app_keys().generate(app_id, 2).await?;
println!("{:?} ends at {:?}", key.kid, key.expires_at);
