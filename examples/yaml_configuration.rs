//! Settings from `okta.yaml` and from environment variables, the latter winning.
//!
//! ```text
//! cargo run --example yaml_configuration
//! ```

use std::{fs, process};

use okta_client::{OktaClient, config::Loader};
use okta_examples::Outcome;

const YAML: &str = r#"
okta:
  client:
    orgUrl: "https://acme.okta.com"
    token: "00example"
    connectionTimeout: 30 # seconds
    requestTimeout: 0
    proxy:
      host: proxy.example.com
      port: 3128
    rateLimit:
      maxRetries: 4
"#;

fn main() -> Outcome {
    let directory = std::env::temp_dir().join(format!("okta-example-{}", process::id()));
    fs::create_dir(&directory)?;
    let outcome = fs::write(directory.join("okta.yaml"), YAML)
        .map_err(Into::into)
        .and_then(|()| {
            // `Loader::new()` alone looks into the working directory, the home directory and the real environment.
            show(
                Loader::new()
                    .working_dir(&directory)
                    .home_dir(&directory)
                    .environment([("OKTA_CLIENT_REQUESTTIMEOUT", "20")]),
            )
        });
    fs::remove_dir_all(&directory)?;
    outcome
}

fn show(loader: Loader) -> Outcome {
    let loaded = loader.load()?;
    for setting in loaded.settings.explicit() {
        println!("{setting}: {}", setting.value().unwrap_or_default());
    }
    let okta = OktaClient::builder().config(loaded.config).build()?;
    println!("a client of {}", okta.org_url());
    Ok(())
}
