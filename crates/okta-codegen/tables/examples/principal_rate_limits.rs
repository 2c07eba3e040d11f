# let token = okta.api_tokens().list().stream().try_next().await?.ok_or("no token")?;
# let token_id = token.require_id()?;
// Lets an API token use 30 % of each limit of the org, instead of 50 %.
let share = models::PrincipalRateLimitEntity::new(token_id, models::PrincipalType::SswsToken)
    .default_percentage(30)
    .default_concurrency_percentage(30);
let share = okta.principal_rate_limits().create(share).await?;
assert_eq!(share.default_percentage, Some(30));
