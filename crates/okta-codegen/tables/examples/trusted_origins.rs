// Lets a web application call Okta from the browser.
let scope = models::TrustedOriginScope::default().r#type(models::TrustedOriginScopeType::Cors);
let origin = models::TrustedOriginWrite::default()
    .name("Portal")
    .origin("https://portal.example.com")
    .scopes([scope]);
let origin = okta.trusted_origins().create(origin).await?;
println!("{:?} is {:?}", origin.origin, origin.status);
