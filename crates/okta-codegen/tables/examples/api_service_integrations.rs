// Adds an integration of Okta's catalog; the response is the only one that has its client secret.
let request = models::CreateApiServiceIntegrationInstanceRequest::new(["okta.logs.read"], "anzennaapiservice");
let integration = okta.api_service_integrations().create(request).await?;
let client_secret = integration.client_secret.as_deref(); // store it where the integration finds it

let mut secrets = okta.api_service_integrations().list_secrets(integration.require_id()?).stream();
while let Some(secret) = secrets.try_next().await? {
    println!("{:?} is {:?}", secret.secret_hash, secret.status);
}
