// A bundle of entitlements that can be requested and certified together.
let bundle = models::GovernanceBundleCreateRequest::default()
    .name("Help desk")
    .description("What the help desk needs");
let bundle = okta.governance_bundles().create(bundle).await?;
println!("{:?}", bundle.id);
