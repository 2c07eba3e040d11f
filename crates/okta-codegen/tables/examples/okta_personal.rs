// Keeps the apps of some email domains out of what users take to Okta Personal.
let domains = models::PersonalAppsBlockList::default().domains(["example.com"]);
okta.okta_personal().replace_export_blocklist(domains).await?;
