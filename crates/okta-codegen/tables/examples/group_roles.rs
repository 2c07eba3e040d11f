# let profile = models::GroupProfile::default().name("Engineering");
# let group = okta.groups().create(models::GroupRequest::new(profile)).await?;
# let group_id = group.require_id()?;
// Makes all members of a group help desk administrators, and takes it back.
let role = models::RoleAssignmentRequest::new(models::RoleType::HelpDeskAdmin);
let role = okta.group_roles().assign(group_id, role).await?.unwrap_or_default();
okta.group_roles().unassign(group_id, role.require_id()?).await?;
