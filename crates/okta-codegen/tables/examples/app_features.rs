# let app = models::AutoLoginApplication::new("Zendesk");
# let app = okta.apps().create(app.name("zendesk")).await?;
# let app_id = app.require_id()?;
// Creates users in the application when they are assigned to it, once provisioning is on.
# let credentials = models::ProvisioningConnectionUpdateProfile::new("TOKEN").token("secret of the application");
# let connection = models::ProvisioningConnectionUpdateRequest::new(credentials);
# okta.app_connections().update(app_id, connection).await?;
# okta.app_connections().activate(app_id).await?;
let create = models::LifecycleCreateSettingObject::default().status(models::EnabledStatus::Enabled);
let change = models::ApplicationFeatureUpdateRequest::default()
    .create(models::CapabilitiesCreateObject::default().lifecycle_create(create));
let feature = okta
    .app_features()
    .update(app_id, models::ApplicationFeatureType::UserProvisioning, change)
    .await?;
println!("{:?} is {:?}", feature.name(), feature.status());
