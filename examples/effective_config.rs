//! Prints the configuration a client would get here, with the source of each value and secrets hidden.
//!
//! ```text
//! OKTA_CLIENT_ORGURL=https://acme.okta.com OKTA_CLIENT_TOKEN=... cargo run --example effective_config
//! ```

use std::process::ExitCode;

use okta_config::Loader;

fn main() -> ExitCode {
    match Loader::new().load() {
        Ok(loaded) => {
            println!("{}", loaded.settings);
            for warning in &loaded.warnings {
                eprintln!("warning: {warning}");
            }
            ExitCode::SUCCESS
        }
        // All problems at once, each with its source and a hint.
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}
