# given: service_app
// Rotates a client secret: the new one first, then the old one is switched off and deleted.
let old: Vec<_> = okta.app_oauth_credentials().list_secrets(app_id).stream().try_collect().await?;
let new = okta.app_oauth_credentials().create_secret(app_id).await?;
assert!(new.client_secret.is_some()); // give it to the application now
for secret in old {
    let secret_id = secret.require_id()?;
    okta.app_oauth_credentials().deactivate_secret(app_id, secret_id).await?;
    okta.app_oauth_credentials().delete_secret(app_id, secret_id).await?;
}
