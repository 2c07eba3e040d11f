//! Settings from `okta.yaml` and from environment variables, which win; with an API token, and with OAuth 2.0.
//!
//! ```text
//! cargo run --example yaml_configuration
//! ```

use std::fs;

use okta_client::{OktaClient, config::Loader};
use okta_examples::{
    Outcome,
    service_app::{CLIENT_ID, new_key},
};

const API_TOKEN: &str = r#"
okta:
  client:
    connectionTimeout: 30 # seconds
    orgUrl: "https://acme.okta.com"
    proxy:
      port: 3128
      host: proxy.example.com
      username: acme
      password: "p@ss"
    token: "00example"
    requestTimeout: 0 # seconds
    rateLimit:
      maxRetries: 4
"#;

/// The key is appended to it.
const OAUTH: &str = r#"
okta:
  client:
    orgUrl: "https://acme.okta.com"
    authorizationMode: "PrivateKey"
    clientId: "0oaexample"
    scopes:
      - okta.users.read
      - okta.groups.read
    privateKey: |
"#;

fn main() -> Outcome {
    let directory = tempfile::tempdir()?;
    let file = directory.path().join("okta.yaml");
    // `Loader::new()` alone looks into the working directory, the home directory and the real environment.
    let loader = || Loader::new().working_dir(directory.path()).home_dir(directory.path());
    let pem = new_key()?.pem;

    println!("YAML, with a variable that wins:");
    fs::write(&file, API_TOKEN)?;
    show(loader().environment([("OKTA_CLIENT_REQUESTTIMEOUT", "20")]))?;

    println!("YAML, with OAuth 2.0:");
    let indented: String = pem.lines().map(|line| format!("      {line}\n")).collect();
    fs::write(&file, OAUTH.to_owned() + &indented)?;
    show(loader().environment([("", ""); 0]))?;

    println!("variables alone, in either spelling:");
    show(loader().without_files().environment([
        ("OKTA_CLIENT_ORGURL", "https://acme.okta.com"),
        ("OKTA_CLIENT_AUTHORIZATION_MODE", "PrivateKey"),
        ("OKTA_CLIENT_CLIENT_ID", CLIENT_ID),
        ("OKTA_CLIENT_SCOPES", "okta.users.read okta.groups.read"),
        ("OKTA_CLIENT_PRIVATEKEY", &pem),
    ]))
}

fn show(loader: Loader) -> Outcome {
    let loaded = loader.load()?;
    for setting in loaded.settings.explicit() {
        println!("  {setting}: {}", setting.value().unwrap_or_default());
    }
    let okta = OktaClient::builder().config(loaded.config).build()?;
    println!("  a client of {}", okta.org_url());
    Ok(())
}
