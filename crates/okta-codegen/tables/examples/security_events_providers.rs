// Lets another security product report risks of users.
let settings = models::SecurityEventsProviderSettings::default()
    .well_known_url("https://security.example.com/.well-known/ssf-configuration");
let provider = models::SecurityEventsProviderRequest::new("Endpoint security", settings, "okta");
let provider = okta.security_events_providers().create(provider).await?;
println!("{:?} is {:?}", provider.name, provider.status);
