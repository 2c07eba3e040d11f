// A bookmark, and all active applications by name.
let settings = models::BookmarkApplicationSettings::default()
    .app(models::BookmarkApplicationSettingsApplication::new("https://wiki.example.com"));
let app = okta.apps().create(models::BookmarkApplication::new("Wiki", settings)).await?;

let mut apps = okta.apps().list().filter(attr("status").eq("ACTIVE")).stream();
while let Some(app) = apps.try_next().await? {
    println!("{:?} signs on by {:?}", app.label(), app.sign_on_mode());
}

// Only an inactive application can be deleted.
okta.apps().deactivate(app.require_id()?).await?;
okta.apps().delete(app.require_id()?).await?;
