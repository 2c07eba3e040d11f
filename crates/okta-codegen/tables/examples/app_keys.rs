# given: bookmark_app
// A certificate for two years, which is used once the application's `credentials.signing.kid` names it.
let key = okta.app_keys().generate(app_id, 2).await?;
println!("{:?} ends at {:?}", key.kid, key.expires_at);
