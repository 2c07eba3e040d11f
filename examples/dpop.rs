//! Tokens that are of use to this process alone: bound to a key it proves to have with every request (DPoP, RFC 9449).
//!
//! With `dpopEnabled: true` (or once Okta demands it) the client makes the key, the proofs and the replays that the
//! server's nonces ask for. The program sees none of it.

use std::error::Error;

use okta_client::OktaClient;
use okta_emulator::Emulator;

#[path = "support/org.rs"]
mod org;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let (pem, public_jwk) = org::new_key()?;
    let emulator = Emulator::builder()
        .users(5)
        .service_app(org::service_app(&public_jwk)?.dpop_required())
        // As strict as a server can be: a nonce everywhere, and another one after every second proof.
        .dpop_nonces_at_resources()
        .dpop_nonce_uses(2)
        .build()?;
    let (emulator, server) = org::start(emulator).await?;

    let mut config = org::private_key_config(server.url(), &pem)?;
    config.dpop_enabled = true;
    let okta = OktaClient::builder()
        .config(config)
        .root_certificate_pem(org::ca(&server)?)
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
