# given: bookmark_app
// Sets the credentials by which the application provisions users, then switches provisioning on.
let profile = models::ProvisioningConnectionUpdateProfile::new("TOKEN").token("secret of the application");
okta.app_connections()
    .update(app_id, models::ProvisioningConnectionUpdateRequest::new(profile))
    .await?;
okta.app_connections().activate(app_id).await?;
let connection = okta.app_connections().get(app_id).await?;
assert_eq!(connection.status, Some(models::ProvisioningConnectionStatus::Enabled));
