# given: user
// Ends the session of a sign-in, if it is still there. `users().revoke_sessions` ends all sessions of a user.
# okta.users().revoke_sessions(user_id).await?;
match okta.sessions().revoke("101W_juydrDRByB7fUdRyE2JQ").await {
    Err(error) if error.is_not_found() => println!("has ended"),
    other => other?,
}
