// Puts an account of an application, such as its administrator, under Okta's protection.
let account = models::AppServiceAccount::new(
    "orn:okta:idp:00o1org:apps:salesforce:0oa1salesforce",
    "Salesforce administrator",
    "the password",
    "admin@example.com",
);
let account = okta.service_accounts().create(account).await?;
println!("{:?} is {:?}", account.name, account.status);
