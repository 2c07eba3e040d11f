# let settings = models::BookmarkApplicationSettings::default()
#     .app(models::BookmarkApplicationSettingsApplication::new("https://wiki.example.com"));
# let app = okta.apps().create(models::BookmarkApplication::new("Wiki", settings)).await?;
# let app_id = app.require_id()?;
# let profile = models::GroupProfile::default().name("Engineering");
# let group = okta.groups().create(models::GroupRequest::new(profile)).await?;
# let group_id = group.require_id()?;
// Gives an application to all members of a group; a lower number wins if a user is in several groups.
let assignment = models::ApplicationGroupAssignment::default().priority(0);
okta.app_groups().assign(app_id, group_id).body(assignment).await?;

let mut groups = okta.app_groups().list(app_id).stream();
while let Some(group) = groups.try_next().await? {
    println!("{:?} has priority {:?}", group.id, group.priority);
}
