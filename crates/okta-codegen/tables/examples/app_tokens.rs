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
// Revokes all refresh tokens of an application, such as after a leak.
okta.app_tokens().revoke_all(app_id).await?;
assert_eq!(okta.app_tokens().list(app_id).stream().try_next().await?, None);
