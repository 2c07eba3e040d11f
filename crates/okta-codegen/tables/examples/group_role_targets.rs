# given: group
# let role = models::RoleAssignmentRequest::new(models::RoleType::AppAdmin);
# let role = okta.group_roles().assign(group_id, role).await?.unwrap_or_default();
# let role_id = role.require_id()?;
// Limits the members' role to applications of one kind of Okta's catalog.
okta.group_role_targets().assign_app(group_id, role_id, "salesforce").await?;

let mut apps = okta.group_role_targets().list_apps(group_id, role_id).stream();
while let Some(app) = apps.try_next().await? {
    println!("{:?}", app.name);
}
