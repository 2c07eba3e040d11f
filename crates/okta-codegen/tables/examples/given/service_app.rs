let credentials = models::OAuthApplicationCredentials::default().oauth_client(
    models::ApplicationCredentialsOAuthClient::default()
        .token_endpoint_auth_method(models::OAuthEndpointAuthenticationMethod::PrivateKeyJwt),
);
let settings = models::OpenIdConnectApplicationSettings::default().oauth_client(
    models::OpenIdConnectApplicationSettingsClient::new([models::GrantType::ClientCredentials])
        .application_type(models::OpenIdConnectApplicationType::Service)
        .response_types([models::OAuthResponseType::Token]),
);
let app = okta.apps().create(models::OpenIdConnectApplication::new("Portal", credentials, settings)).await?;
let app_id = app.require_id()?;
