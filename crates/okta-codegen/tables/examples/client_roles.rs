# given: service_app
// Makes a service app an administrator; without a role its lists are empty.
let role = models::RoleAssignmentRequest::new(models::RoleType::ReadOnlyAdmin);
okta.client_roles().assign(app_id, role).await?;

let mut roles = okta.client_roles().list(app_id).stream();
while let Some(role) = roles.try_next().await? {
    println!("{:?} is {:?}", role.r#type, role.status);
}
