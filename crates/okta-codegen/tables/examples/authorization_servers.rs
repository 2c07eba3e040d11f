// An authorization server for one API, with its issuer.
let server = models::AuthorizationServer::default()
    .name("Orders")
    .description("Tokens of the orders API")
    .audiences(["https://orders.example.com"]);
let server = okta.authorization_servers().create(server).await?;
println!("{:?}", server.issuer);
