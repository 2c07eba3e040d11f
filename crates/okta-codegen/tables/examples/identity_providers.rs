// Lets users sign in with Google.
let credentials = models::OAuthCredentialsClient::default()
    .client_id("client ID at Google")
    .client_secret("client secret at Google");
let protocol = models::ProtocolOidc::default()
    .scopes(["openid", "email", "profile"])
    .credentials(models::OAuthCredentials::default().client(credentials));
let provider = models::IdentityProvider::default()
    .name("Google")
    .r#type(models::IdentityProviderType::Google)
    .protocol(protocol);
let provider = okta.identity_providers().create(provider).await?;
println!("{:?} is {:?}", provider.name, provider.status);
