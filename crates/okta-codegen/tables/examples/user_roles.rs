# given: user
// Makes a user an administrator who can read everything, and takes it back.
let role = models::RoleAssignmentRequest::new(models::RoleType::ReadOnlyAdmin);
let role = okta.user_roles().assign(user_id, role).await?;
okta.user_roles().unassign(user_id, role.require_id()?).await?;
