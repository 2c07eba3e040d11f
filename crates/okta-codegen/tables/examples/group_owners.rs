# given: group
# given: user
// Makes a user the owner of a group.
let owner = models::AssignGroupOwnerRequestBody::default().id(user_id).r#type(models::GroupOwnerType::User);
okta.group_owners().assign(group_id, owner).await?;

let owners: Vec<_> = okta.group_owners().list(group_id).stream().try_collect().await?;
assert_eq!(owners.len(), 1);
