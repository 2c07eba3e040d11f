# given: group
// Makes all members of a group help desk administrators, and takes it back.
let role = models::RoleAssignmentRequest::new(models::RoleType::HelpDeskAdmin);
let role = okta.group_roles().assign(group_id, role).await?.unwrap_or_default();
okta.group_roles().unassign(group_id, role.require_id()?).await?;
