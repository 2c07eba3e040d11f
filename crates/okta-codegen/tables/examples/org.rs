# given: user
// Who Okta writes to about bills.
okta.org()
    .replace_contact_user(models::OrgContactType::Billing, models::OrgContactUser::default().user_id(user_id))
    .await?;

let settings = okta.org().get_settings().await?;
println!("{:?} ({:?}) is {:?}", settings.company_name, settings.subdomain, settings.status);
