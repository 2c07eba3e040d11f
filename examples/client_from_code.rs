//! A client from settings given in code, with a list of all users.
//!
//! ```text
//! cargo run --example client_from_code
//! ```
//!
//! With real values this is the whole construction; `OktaClient::from_env()?` reads the values from the configuration.

use okta_client::OktaClient;
use okta_emulator::Emulator;
use okta_examples::Outcome;

#[tokio::main]
async fn main() -> Outcome {
    // An org for this example; yours has an address and a token already.
    let emulator = Emulator::builder().users(2).build()?;
    let server = emulator.serve_tls("127.0.0.1:0").await?;

    let okta = OktaClient::builder()
        .org_url(server.url()) // "https://acme.okta.com"
        .api_token(emulator.token())
        .root_certificate_pem(server.ca_pem().ok_or("the server has no TLS")?) // this one's certificate is its own
        .build()?;

    let mut users = okta.users().list().stream();
    while let Some(user) = users.try_next().await? {
        let profile = user.profile.unwrap_or_default();
        println!("{:?} {:?}", profile.first_name, profile.last_name);
    }

    // Missing settings are reported before anything is sent: all of them at once, each with a hint.
    match OktaClient::builder().org_url("https://acme-admin.okta.com").build() {
        Ok(_) => println!("built"),
        Err(error) => println!("\n{error}"),
    }
    Ok(())
}
