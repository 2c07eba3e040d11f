# given: user
// What a user has consented to, and the end of it.
let mut grants = okta.user_grants().list(user_id).stream();
while let Some(grant) = grants.try_next().await? {
    println!("{:?} for {:?}", grant.scope_id, grant.client_id);
}
okta.user_grants().revoke_all(user_id).await?;
