//! What would keep a program from working: settings, network, credentials, scopes, roles, limits. It only reads.
//!
//! Name the operations that the program calls:
//!
//! ```text
//! cargo run --example okta_doctor -- listUsers addGroup
//! ```

use std::{env, process::ExitCode};

use okta_examples::{Org, Outcome};

#[path = "support/doctor.rs"]
mod doctor;

#[tokio::main]
async fn main() -> Outcome<ExitCode> {
    let named: Vec<String> = env::args().skip(1).collect();
    let mut operations: Vec<&str> = named.iter().map(String::as_str).collect();
    if operations.is_empty() {
        operations = vec!["listUsers", "listGroups", "addGroup"];
    }
    let org = Org::find().await?;
    let (report, is_ready) = doctor::examine(org.builder()?, &operations).await;
    println!("{report}");
    Ok(if is_ready { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
