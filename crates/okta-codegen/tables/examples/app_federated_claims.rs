# given: service_app
// Adds a claim to what the application learns of its users.
let claim = models::FederatedClaimRequestBody::default()
    .name("department")
    .expression("user.profile.department");
let claim = okta.app_federated_claims().create(app_id, claim).await?;
assert_eq!(claim.expression.as_deref(), Some("user.profile.department"));
