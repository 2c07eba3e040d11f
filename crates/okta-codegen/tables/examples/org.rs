# let user = okta.users().get("user1@example.com").await?;
# let user_id = user.require_id()?;
// Who Okta writes to about bills.
okta.org()
    .replace_contact_user(models::OrgContactType::Billing, models::OrgContactUser::default().user_id(user_id))
    .await?;

let settings = okta.org().get_settings().await?;
println!("{:?} ({:?}) is {:?}", settings.company_name, settings.subdomain, settings.status);
