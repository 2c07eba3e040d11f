// Blocks sign-in from addresses that attack Okta's customers, except the company's own.
let settings = models::ThreatInsightConfiguration::new(models::ThreatInsightConfigurationAction::Block)
    .exclude_zones(["nzo1office"]);
let settings = okta.threat_insight().update_configuration(settings).await?;
assert_eq!(settings.action, Some(models::ThreatInsightConfigurationAction::Block));
