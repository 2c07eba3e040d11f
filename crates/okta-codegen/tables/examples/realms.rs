// A realm for a partner's users.
let profile = models::RealmProfile::new("Partners").realm_type(models::RealmProfileRealmType::Partner);
let realm = okta.realms().create(models::CreateRealmRequest::default().profile(profile)).await?;
println!("{:?}", realm.id);
