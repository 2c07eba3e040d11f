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
// Adds a claim to what the application learns of its users.
let claim = models::FederatedClaimRequestBody::default()
    .name("department")
    .expression("user.profile.department");
let claim = okta.app_federated_claims().create(app_id, claim).await?;
assert_eq!(claim.expression.as_deref(), Some("user.profile.department"));
