// Locks accounts out by the device, so that an attacker cannot lock users out of their own devices.
let settings = models::UserLockoutSettings::default().prevent_brute_force_lockout_from_unknown_devices(true);
let settings = okta.attack_protection().replace_user_lockout_settings(settings).await?;
assert_eq!(settings.prevent_brute_force_lockout_from_unknown_devices, Some(true));
