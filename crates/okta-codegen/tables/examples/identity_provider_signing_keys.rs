# let idp = models::IdentityProvider::default().name("Partner").r#type(models::IdentityProviderType::Saml2);
# let idp = okta.identity_providers().create(idp).await?;
# let idp_id = idp.require_id()?;
// A new key for two years to sign SAML requests with, before the old one ends.
let key = okta.identity_provider_signing_keys().generate(idp_id, 2).await?;
println!("{:?} ends at {:?}", key.kid, key.expires_at);
