// Which endpoint security software reports to the org.
let mut integrations = okta.device_integrations().list().stream();
while let Some(integration) = integrations.try_next().await? {
    println!("{:?} is {:?}", integration.display_name, integration.status);
}
