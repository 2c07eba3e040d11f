//! An org in memory with a service app, for the examples of OAuth 2.0 and of own stacks.

use std::error::Error;

use okta_client::{
    OrgUrl,
    auth::SigningKey,
    config::{Authorization, ClientConfig, PrivateKey, PrivateKeyConfig},
};
use okta_emulator::{Emulator, Server, ServiceApp};

/// Serves an org in memory over TLS on a port of its own.
pub(crate) async fn start(emulator: Emulator) -> Result<(Emulator, Server), Box<dyn Error>> {
    let server = emulator.serve_tls("127.0.0.1:0").await?;
    println!("Using an org in memory at {}.\n", server.url());
    Ok((emulator, server))
}

/// The certificate of whom the org's own one is signed by.
pub(crate) fn ca(server: &Server) -> Result<String, Box<dyn Error>> {
    Ok(server.ca_pem().ok_or("the server has no TLS")?.to_owned())
}

/// The id of the service app in the examples of OAuth 2.0.
#[allow(dead_code, reason = "not every example needs it")]
pub(crate) const CLIENT_ID: &str = "0oaexample";

/// An app of that id which may read users, and has this public key (a JWK).
#[allow(dead_code, reason = "not every example needs it")]
pub(crate) fn service_app(public_jwk: &str) -> Result<ServiceApp, Box<dyn Error>> {
    Ok(ServiceApp::new(CLIENT_ID, serde_json::from_str(public_jwk)?).scopes(["okta.users.read"]))
}

/// The settings of a client that signs with this key (PEM), as a configuration file would have them.
#[allow(dead_code, reason = "not every example needs it")]
pub(crate) fn private_key_config(org_url: &str, pem: &str) -> Result<ClientConfig, Box<dyn Error>> {
    let app = PrivateKeyConfig::new(CLIENT_ID, ["okta.users.read"], PrivateKey::parse(pem)?);
    Ok(ClientConfig::new(
        OrgUrl::parse(org_url)?,
        Authorization::PrivateKey(app),
    ))
}

/// A new key, and its public half. Yours comes from Okta's console, or from `openssl ecparam -genkey -name prime256v1`.
#[allow(dead_code, reason = "not every example needs it")]
pub(crate) fn new_key() -> Result<(String, String), Box<dyn Error>> {
    let pem = rcgen::KeyPair::generate()?.serialize_pem();
    let public = SigningKey::parse(&pem)?.public_jwk().to_string();
    Ok((pem, public))
}
