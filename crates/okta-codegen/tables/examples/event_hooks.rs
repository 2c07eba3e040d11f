// Calls a web service for every deactivated user; Okta sends nothing before the hook is verified.
let scheme = models::EventHookChannelConfigAuthScheme::default()
    .key("authorization")
    .value("secret of the web service");
let config = models::EventHookChannelConfig::new("https://hooks.example.com/okta").auth_scheme(scheme);
let events = models::EventSubscriptions::new(["user.lifecycle.deactivate"]);
let hook = models::EventHook::new(models::EventHookChannel::new(config), events, "Leavers");
let hook = okta.event_hooks().create(hook).await?;

let hook = okta.event_hooks().verify(hook.require_id()?).await?;
assert_eq!(hook.verification_status, Some(models::EventHookVerificationStatus::Verified));
