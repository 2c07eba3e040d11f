# given: user
// Security keys that were ordered for a user, with the state of the order.
let mut keys = okta.webauthn_preregistration().list(user_id).stream();
while let Some(key) = keys.try_next().await? {
    println!("{:?}: {:?}", key.id, key.status);
}
