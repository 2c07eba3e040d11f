# let credentials = models::OAuthApplicationCredentials::default().oauth_client(
#     models::ApplicationCredentialsOAuthClient::default()
#         .token_endpoint_auth_method(models::OAuthEndpointAuthenticationMethod::PrivateKeyJwt),
# );
# let settings = models::OpenIdConnectApplicationSettings::default().oauth_client(
#     models::OpenIdConnectApplicationSettingsClient::new([models::GrantType::ClientCredentials])
#         .application_type(models::OpenIdConnectApplicationType::Service)
#         .response_types([models::OAuthResponseType::Token]),
# );
# let app = okta.apps().create(models::OpenIdConnectApplication::new("Portal", credentials, settings)).await?;
# let app_id = app.require_id()?;
// Rotates a client secret: the new one first, then the old one is switched off and deleted.
let old: Vec<_> = okta.app_oauth_credentials().list_secrets(app_id).stream().try_collect().await?;
let new = okta.app_oauth_credentials().create_secret(app_id).await?;
assert!(new.client_secret.is_some()); // give it to the application now
for secret in old {
    let secret_id = secret.require_id()?;
    okta.app_oauth_credentials().deactivate_secret(app_id, secret_id).await?;
    okta.app_oauth_credentials().delete_secret(app_id, secret_id).await?;
}
