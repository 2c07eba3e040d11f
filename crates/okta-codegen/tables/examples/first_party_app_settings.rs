// Signs administrators out of the Admin Console after 15 idle minutes.
let settings = models::AdminConsoleSettings::default()
    .session_idle_timeout_minutes(15)
    .session_max_lifetime_minutes(720);
okta.first_party_app_settings().replace("admin-console", settings).await?;
