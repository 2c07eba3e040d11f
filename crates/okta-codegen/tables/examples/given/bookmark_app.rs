let settings = models::BookmarkApplicationSettings::default()
    .app(models::BookmarkApplicationSettingsApplication::new("https://wiki.example.com"));
let app = okta.apps().create(models::BookmarkApplication::new("Wiki", settings)).await?;
let app_id = app.require_id()?;
