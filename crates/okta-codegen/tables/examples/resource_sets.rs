# given: user
// An administrator whose role holds for some groups only: a role, what it covers, and who has it.
let permissions = ["okta.groups.read", "okta.groups.members.manage"];
let role = models::CreateIamRoleRequest::new("Manages members of groups", "Group keeper", permissions);
let role = okta.roles().create(role).await?;

let groups = ["https://acme.okta.com/api/v1/groups"];
let set = models::CreateResourceSetRequest::new("All groups", "Groups", groups);
let set = okta.resource_sets().create(set).await?;

let binding = models::ResourceSetBindingCreateRequest::default()
    .role(role.require_id()?)
    .members_([format!("https://acme.okta.com/api/v1/users/{user_id}")]);
okta.resource_sets().create_binding(set.require_id()?, binding).await?;
