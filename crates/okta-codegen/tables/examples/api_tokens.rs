// A report for the owners of tokens: a token ends after 30 days without use.
let mut tokens = okta.api_tokens().list().stream();
while let Some(token) = tokens.try_next().await? {
    println!("{:?} of user {:?} ends at {:?}", token.name, token.user_id, token.expires_at);
}
