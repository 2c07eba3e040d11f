# let policy = okta.authorization_server_policies().list("default").stream().try_next().await?.ok_or("no policy")?;
# let policy_id = policy.require_id()?;
// Access tokens of ten minutes for service apps.
let conditions = models::AuthorizationServerPolicyRuleConditions::default()
    .grant_types(models::GrantTypePolicyRuleCondition::default().include(["client_credentials"]))
    .scopes(models::OAuth2ScopesMediationPolicyRuleCondition::default().include(["*"]));
let token = models::TokenAuthorizationServerPolicyRuleAction::default().access_token_lifetime_minutes(10);
let rule = models::AuthorizationServerPolicyRule::new(conditions, "Service apps")
    .actions(models::AuthorizationServerPolicyRuleActions::default().token(token));
let rule = okta.authorization_server_rules().create("default", policy_id, rule).await?;
assert_eq!(rule.name.as_deref(), Some("Service apps"));
