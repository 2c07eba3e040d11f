let profile = models::GroupProfile::default().name("Engineering");
let group = okta.groups().create(models::GroupRequest::new(profile)).await?;
let group_id = group.require_id()?;
