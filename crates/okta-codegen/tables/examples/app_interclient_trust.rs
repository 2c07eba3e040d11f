# given: service_app
// Lets another application exchange its tokens for those of this one.
let trusted = models::InterclientTrustMappingRequestBody::default().id("0oa1portal");
okta.app_interclient_trust().create(app_id, trusted).await?;

let mut allowed = okta.app_interclient_trust().list_allowed_apps(app_id).stream();
while let Some(app) = allowed.try_next().await? {
    println!("{app}");
}
