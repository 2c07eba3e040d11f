# given: user
// Marks an account as one that a service uses, with a person who answers for it.
let account = models::OktaManagedUserAccountRequest::new("Backup job", user_id).owner_user_ids([user_id]);
let account = okta.okta_service_accounts().create(account).await?;
println!("{:?} is {:?}", account.name, account.status);
