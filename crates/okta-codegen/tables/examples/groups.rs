# given: user
// A group with one member; assigning a member twice is harmless.
let profile = models::GroupProfile::default().name("Engineering").description("Everybody who builds");
let group = okta.groups().create(models::GroupRequest::new(profile)).await?;
let group_id = group.require_id()?;
okta.groups().assign_user(group_id, user_id).await?;

let mut members = okta.groups().list_users(group_id).limit(200).stream();
while let Some(member) = members.try_next().await? {
    println!("{:?}", member.profile.and_then(|profile| profile.login));
}
