# given: bookmark_app
# given: group
// Pushes a group to an application, as a new group there.
let mapping = models::CreateGroupPushMappingRequest::new(group_id).target_group_name("engineering");
let mapping = okta.group_push_mappings().create(app_id, mapping).await?;
println!("{:?}", mapping.id);
