// Streams the System Log to Amazon EventBridge.
let settings = models::LogStreamSettingsAws::new("123456789012", "okta-logs", models::AwsRegion::EuWest1);
let stream = okta.log_streams().create(models::LogStreamAws::new("Security lake", settings)).await?;
println!("{:?} is {:?}", stream.name(), stream.status());
