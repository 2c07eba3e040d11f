//! OAuth 2.0 for a service: access tokens for a signed assertion (`private_key_jwt`) instead of an API token.
//!
//! ```text
//! cargo run --example private_key_jwt
//! ```
//!
//! The client fetches a token when it needs one, renews it before it ends, and says which scope a refused call lacks.

use okta_client::{
    OktaClient, OrgUrl,
    config::{Authorization, ClientConfig, PrivateKey, PrivateKeyConfig},
    models::{GroupProfile, GroupRequest},
};
use okta_emulator::Emulator;
use okta_examples::{
    Outcome, ca, serve,
    service_app::{CLIENT_ID, new_key, service_app},
};

#[tokio::main]
async fn main() -> Outcome {
    let key = new_key()?;
    let app = service_app(&key.public_jwk);
    let server = serve(&Emulator::builder().users(3).service_app(app).build()?).await?;

    // The key as PEM and as a JWK: each is recognized by its form.
    for private_key in [&key.pem, &key.jwk] {
        // The same as `authorizationMode: PrivateKey` with `clientId`, `scopes` and `privateKey` in a configuration file.
        let app = PrivateKeyConfig::new(CLIENT_ID, ["okta.users.read"], PrivateKey::parse(private_key)?);
        let config = ClientConfig::new(OrgUrl::parse(server.url())?, Authorization::PrivateKey(app));
        let okta = OktaClient::builder()
            .config(config)
            .root_certificate_pem(ca(&server)?)
            .build()?;
        show(&okta).await?;
    }
    Ok(())
}

async fn show(okta: &OktaClient) -> Outcome {
    let mut users = okta.users().list().stream();
    while let Some(user) = users.try_next().await? {
        let profile = user.profile.unwrap_or_default();
        println!("{:?} {:?}", profile.first_name, profile.last_name);
    }
    println!("granted   {}", okta.granted_scopes().unwrap_or_default());

    let group = GroupRequest::new(GroupProfile::default().name("Readers"));
    match okta.groups().create(group).await {
        Ok(_) => println!("created   a group"),
        Err(error) => println!("missing   {:?}\n          {error}", error.missing_scopes()),
    }

    // After an administrator granted a scope, for example: the next call fetches a new token.
    okta.invalidate_token();
    okta.users().get("user1@example.com").await?;
    println!("read      with a new token");
    Ok(())
}
