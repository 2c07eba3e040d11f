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
// Makes a service app an administrator; without a role its lists are empty.
let role = models::RoleAssignmentRequest::new(models::RoleType::ReadOnlyAdmin);
okta.client_roles().assign(app_id, role).await?;

let mut roles = okta.client_roles().list(app_id).stream();
while let Some(role) = roles.try_next().await? {
    println!("{:?} is {:?}", role.r#type, role.status);
}
