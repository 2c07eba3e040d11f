// Sends the org's emails through your own server: first off, then a test, then on.
let server = models::EmailServerCreateRequest::new(
    "mail", models::SmtpAuthType::BasicSmtpAuth, false, "smtp.example.com", 587, "okta",
)
.password("secret of the server");
let server = okta.email_servers().create(server).await?;
let id = server.require_id()?;

okta.email_servers()
    .test(id, models::EmailTestAddresses::new("noreply@example.com", "ann@example.com"))
    .await?;
okta.email_servers().update(id, models::EmailServer::new(models::SmtpAuthType::BasicSmtpAuth).enabled(true)).await?;
