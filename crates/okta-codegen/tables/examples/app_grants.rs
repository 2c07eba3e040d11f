# given: service_app
// Grants a scope of Okta's APIs to a service app, unless it has it.
let mut granted = okta.app_grants().list(app_id).stream();
let mut has_scope = false;
while let Some(grant) = granted.try_next().await? {
    has_scope |= grant.scope_id.as_deref() == Some("okta.users.read");
}
if !has_scope {
    let grant = models::OAuth2ScopeConsentGrant::new("https://acme.okta.com", "okta.users.read");
    okta.app_grants().grant(app_id, grant).await?;
}
