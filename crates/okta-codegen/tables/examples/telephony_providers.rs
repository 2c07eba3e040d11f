// An account of your own at Twilio, for SMS and calls.
let provider = models::CustomTelephonyProviderCredentialCreateRequest::default()
    .provider_name(models::TelephonyProviderName::Twilio)
    .provider_sid("AC0123456789abcdef0123456789abcdef")
    .provider_auth_token("secret of the account");
let provider = okta.telephony_providers().create(provider).await?;
println!("{:?}", provider.id);
