# given: user
// Ends what applications may do for a user: their refresh tokens.
let mut clients = okta.users().list_clients(user_id).stream();
while let Some(client) = clients.try_next().await? {
    okta.user_tokens().revoke_all(user_id, client.client_id.unwrap_or_default()).await?;
}
