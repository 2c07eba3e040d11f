// Only logs what would be refused, to learn before it is enforced.
let settings = models::BotProtectionConfiguration::new(
    models::BotProtectionLevel::Medium,
    models::BotProtectionMode::LogOnly,
);
let settings = okta.bot_protection().update_configuration(settings).await?;
assert_eq!(settings.mode, Some(models::BotProtectionMode::LogOnly));
