// The groups of a user, as a claim of access tokens.
let claim = models::OAuth2Claim::default()
    .name("groups")
    .claim_type(models::OAuth2ClaimType::Resource)
    .value_type(models::OAuth2ClaimValueType::Groups)
    .group_filter_type(models::OAuth2ClaimGroupFilterType::StartsWith)
    .value("app-")
    .always_include_in_token(true);
let claim = okta.authorization_server_claims().create("default", claim).await?;
assert_eq!(claim.status, Some(models::LifecycleStatus::Active));
