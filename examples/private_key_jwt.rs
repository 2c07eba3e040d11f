//! OAuth 2.0 for a service: access tokens for a signed assertion (`private_key_jwt`) instead of an API token.
//!
//! The client fetches a token when it needs one, renews it before it ends, and says which scope a refused call lacks.

use std::error::Error;

use okta_client::{
    OktaClient,
    models::{GroupProfile, GroupRequest},
};
use okta_emulator::Emulator;

#[path = "support/org.rs"]
mod org;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let (pem, public_jwk) = org::new_key()?;
    let app = org::service_app(&public_jwk)?;
    let (_emulator, server) = org::start(Emulator::builder().users(3).service_app(app).build()?).await?;

    // The same as `authorizationMode: PrivateKey` with `clientId`, `scopes` and `privateKey` in a configuration file.
    let okta = OktaClient::builder()
        .config(org::private_key_config(server.url(), &pem)?)
        .root_certificate_pem(org::ca(&server)?)
        .build()?;

    let users = okta.users().list().stream().try_collect().await?;
    println!("listed    {} users", users.len());
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
