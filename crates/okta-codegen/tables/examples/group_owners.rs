# let profile = models::GroupProfile::default().name("Engineering");
# let group = okta.groups().create(models::GroupRequest::new(profile)).await?;
# let group_id = group.require_id()?;
# let user = okta.users().get("user1@example.com").await?;
# let user_id = user.require_id()?;
// Makes a user the owner of a group.
let owner = models::AssignGroupOwnerRequestBody::default().id(user_id).r#type(models::GroupOwnerType::User);
okta.group_owners().assign(group_id, owner).await?;

let owners: Vec<_> = okta.group_owners().list(group_id).stream().try_collect().await?;
assert_eq!(owners.len(), 1);
