// The certificate by which a SAML identity provider signs, for `trust.kid` of its settings.
let certificate = "MIIBszCCAVmgAwIBAgIUJ3jVv7Xo";
let key = okta.identity_provider_keys().create(models::IdpCertificateCredential::new([certificate])).await?;
println!("{:?}", key.kid);
