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
// Lets another application exchange its tokens for those of this one.
let trusted = models::InterclientTrustMappingRequestBody::default().id("0oa1portal");
okta.app_interclient_trust().create(app_id, trusted).await?;

let mut allowed = okta.app_interclient_trust().list_allowed_apps(app_id).stream();
while let Some(app) = allowed.try_next().await? {
    println!("{app}");
}
