// A policy for one application; without a rule it grants nothing.
let clients = models::ClientPolicyCondition::default().include(["0oa1portal"]);
let policy = models::AuthorizationServerPolicy::default()
    .name("Portal")
    .description("Access of the portal")
    .priority(1)
    .conditions(models::AuthorizationServerPolicyConditions::default().clients(clients));
let policy = okta.authorization_server_policies().create("default", policy).await?;
okta.authorization_server_policies().deactivate("default", policy.require_id()?).await?;
