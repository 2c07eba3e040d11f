# given: service_app
# let role = models::RoleAssignmentRequest::new(models::RoleType::HelpDeskAdmin);
# let role = okta.client_roles().assign(app_id, role).await?;
# let role_id = role.require_id()?;
# given: group
// Limits a service app's role to the members of one group.
okta.client_role_targets().assign_group(app_id, role_id, group_id).await?;

let mut groups = okta.client_role_targets().list_groups(app_id, role_id).stream();
while let Some(group) = groups.try_next().await? {
    println!("{:?}", group.id);
}
