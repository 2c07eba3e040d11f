// Creates a user who can sign in at once: with a password, and active.
let profile = models::UserProfile::default()
    .login("ann@example.com")
    .email("ann@example.com")
    .first_name("Ann")
    .last_name("Lee");
let password = models::PasswordCredential::default().value("correct horse battery staple");
let credentials = models::UserCredentialsWritable::default().password(password);
let ann = models::CreateUserRequest::new(profile).credentials(credentials);
let ann = okta.users().create(ann).activate(true).await?;
let id = ann.require_id()?;

let mut staff = okta.users().list().search(attr("profile.lastName").eq("Lee")).limit(200).stream();
while let Some(user) = staff.try_next().await? {
    println!("{:?} is {:?}", user.id, user.status);
}

// The first call deactivates, the second deletes.
okta.users().deactivate(id).await?;
okta.users().delete(id).await?;
