// Adds a user to a group of Active Directory through the agent.
let change = models::Parameters::new(
    models::ParametersAction::Add,
    "member",
    ["CN=Ann Lee,OU=Staff,DC=example,DC=com"],
);
okta.directories()
    .update_group_membership("0oa1directory", models::AgentAction::new("00g1directory", change))
    .await?;
