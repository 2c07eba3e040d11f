# let settings = models::BookmarkApplicationSettings::default()
#     .app(models::BookmarkApplicationSettingsApplication::new("https://wiki.example.com"));
# let app = okta.apps().create(models::BookmarkApplication::new("Wiki", settings)).await?;
# let app_id = app.require_id()?;
# let profile = models::GroupProfile::default().name("Engineering");
# let group = okta.groups().create(models::GroupRequest::new(profile)).await?;
# let group_id = group.require_id()?;
// Pushes a group to an application, as a new group there.
let mapping = models::CreateGroupPushMappingRequest::new(group_id).target_group_name("engineering");
let mapping = okta.group_push_mappings().create(app_id, mapping).await?;
println!("{:?}", mapping.id);
