// A custom role, and one more permission for it.
let role = models::CreateIamRoleRequest::new("Reads users", "Reader", ["okta.users.read"]);
let role = okta.roles().create(role).await?;
okta.roles().create_permission(role.require_id()?, "okta.groups.read").await?;

let mut permissions = okta.roles().list_permissions(role.require_id()?).stream();
while let Some(permission) = permissions.try_next().await? {
    println!("{:?}", permission.label);
}
