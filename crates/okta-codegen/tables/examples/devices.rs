// Suspends the lost device of a user: a suspended device can be unsuspended, a deactivated one must enroll again.
let mut devices = okta.devices().list().search(attr("profile.displayName").eq("Ann's laptop")).stream();
while let Some(device) = devices.try_next().await? {
    okta.devices().suspend(device.require_id()?).await?;
}
