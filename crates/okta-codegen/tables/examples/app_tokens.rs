# given: service_app
// Revokes all refresh tokens of an application, such as after a leak.
okta.app_tokens().revoke_all(app_id).await?;
assert_eq!(okta.app_tokens().list(app_id).stream().try_next().await?, None);
