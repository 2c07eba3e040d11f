// A scope that users are asked to consent to.
let scope = models::OAuth2Scope::new("orders:read")
    .description("Read your orders")
    .consent(models::OAuth2ScopeConsentType::Required);
let scope = okta.authorization_server_scopes().create("default", scope).await?;
assert_eq!(scope.consent, Some(models::OAuth2ScopeConsentType::Required));
