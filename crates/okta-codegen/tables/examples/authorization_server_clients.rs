// Which applications hold refresh tokens of the authorization server.
let mut clients = okta.authorization_server_clients().list("default").stream();
while let Some(client) = clients.try_next().await? {
    println!("{:?} ({:?})", client.client_name, client.client_id);
}
