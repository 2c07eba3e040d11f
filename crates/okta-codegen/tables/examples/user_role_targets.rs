# let user = okta.users().get("user1@example.com").await?;
# let user_id = user.require_id()?;
# let role = models::RoleAssignmentRequest::new(models::RoleType::HelpDeskAdmin);
# let role = okta.user_roles().assign(user_id, role).await?;
# let role_id = role.require_id()?;
# let profile = models::GroupProfile::default().name("Engineering");
# let group = okta.groups().create(models::GroupRequest::new(profile)).await?;
# let group_id = group.require_id()?;
// Limits a help desk administrator to the members of one group.
okta.user_role_targets().assign_group(user_id, role_id, group_id).await?;

let mut groups = okta.user_role_targets().list_groups(user_id, role_id).stream();
while let Some(group) = groups.try_next().await? {
    println!("{:?}", group.id);
}
