// Fills an attribute of users from an application, whenever its users are imported.
let mut mappings = okta.profile_mappings().list().source_id("0oa1hr").stream();
while let Some(mapping) = mappings.try_next().await? {
    let property = models::ProfileMappingProperty::default()
        .expression("appuser.costCenter")
        .push_status(models::ProfileMappingPropertyPushStatus::Push);
    let change = models::ProfileMappingRequest::new([("costCenter", property)]);
    okta.profile_mappings().update(mapping.require_id()?, change).await?;
}
