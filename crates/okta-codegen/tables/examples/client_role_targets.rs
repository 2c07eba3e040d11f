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
# let role = models::RoleAssignmentRequest::new(models::RoleType::HelpDeskAdmin);
# let role = okta.client_roles().assign(app_id, role).await?;
# let role_id = role.require_id()?;
# let profile = models::GroupProfile::default().name("Engineering");
# let group = okta.groups().create(models::GroupRequest::new(profile)).await?;
# let group_id = group.require_id()?;
// Limits a service app's role to the members of one group.
okta.client_role_targets().assign_group(app_id, role_id, group_id).await?;

let mut groups = okta.client_role_targets().list_groups(app_id, role_id).stream();
while let Some(group) = groups.try_next().await? {
    println!("{:?}", group.id);
}
