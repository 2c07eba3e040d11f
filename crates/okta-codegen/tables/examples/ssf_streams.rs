// Sends a signal to another product whenever a session is revoked.
let delivery = models::StreamConfigurationDelivery::new(
    "https://security.example.com/events",
    models::StreamDeliveryMethod::Rfc8935,
);
let events = ["https://schemas.openid.net/secevent/caep/event-type/session-revoked"];
let stream = okta.ssf_streams().create(models::StreamConfigurationCreateRequest::new(delivery, events)).await?;
println!("{:?}", stream.stream_id);
