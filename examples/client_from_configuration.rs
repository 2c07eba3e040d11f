//! A client without an address or a token in the program: both come from `okta.yaml` files and environment variables.
//!
//! ```text
//! OKTA_CLIENT_ORGURL=https://acme.okta.com OKTA_CLIENT_TOKEN=... cargo run --example client_from_configuration
//! ```
//!
//! `effective_config` shows which value comes from where.

use okta_client::OktaClient;

fn main() {
    match OktaClient::from_env() {
        Ok(okta) => println!("a client of {}", okta.org_url()),
        // All problems at once, each with its source and a hint.
        Err(error) => println!("{error}"),
    }
}
