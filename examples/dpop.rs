//! Tokens that only this process can use: bound to a key whose possession it proves with every request (DPoP, RFC 9449).
//!
//! With `dpopEnabled: true` (or once Okta demands it) the client makes the key, the proofs and the replays that the
//! server's nonces require. The program does not have to do anything.

use okta_client::{
    OktaClient, OrgUrl,
    config::{Authorization, ClientConfig, PrivateKey, PrivateKeyConfig},
};
use okta_emulator::Emulator;
use okta_examples::{
    Outcome, ca, serve,
    service_app::{CLIENT_ID, new_key, service_app},
};

#[tokio::main]
async fn main() -> Outcome {
    let key = new_key()?;
    let emulator = Emulator::builder()
        .users(5)
        .service_app(service_app(&key.public_jwk).dpop_required())
        // The strictest server: it always requires a nonce, and a new one after every second proof.
        .dpop_nonces_at_resources()
        .dpop_nonce_uses(2)
        .build()?;
    let server = serve(&emulator).await?;

    let app = PrivateKeyConfig::new(CLIENT_ID, ["okta.users.read"], PrivateKey::parse(&key.pem)?);
    let mut config = ClientConfig::new(OrgUrl::parse(server.url())?, Authorization::PrivateKey(app));
    config.dpop_enabled = true;
    let okta = OktaClient::builder()
        .config(config)
        .root_certificate_pem(ca(&server)?)
        .build()?;

    let users = okta.users().list().limit(1).stream().try_collect().await?;
    println!("listed    {} users, one a page, each page with a proof", users.len());

    emulator.rotate_dpop_nonces();
    okta.users().get("user1@example.com").await?;
    println!("read      although all nonces were exchanged");

    emulator.revoke_access_tokens();
    okta.users().get("user2@example.com").await?;
    println!("read      although the token was revoked");
    Ok(())
}
