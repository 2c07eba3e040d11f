// Firebase Cloud Messaging, for a custom authenticator's push notifications.
let configuration = models::FcmConfiguration::default()
    .file_name("acme.json")
    .service_account_json(serde_json::json!({ "type": "service_account", "project_id": "acme" }));
let provider = models::FcmPushProvider::default().name("Acme app").configuration(configuration);
let provider = okta.push_providers().create(provider).await?;
println!("{:?}", provider.id());
