# given: user
# let role = models::RoleAssignmentRequest::new(models::RoleType::HelpDeskAdmin);
# let role = okta.user_roles().assign(user_id, role).await?;
# let role_id = role.require_id()?;
# given: group
// Limits a help desk administrator to the members of one group.
okta.user_role_targets().assign_group(user_id, role_id, group_id).await?;

let mut groups = okta.user_role_targets().list_groups(user_id, role_id).stream();
while let Some(group) = groups.try_next().await? {
    println!("{:?}", group.id);
}
