//! `cargo run -p okta-fleet-run -- --processes 8 --json`: see the library.

use std::process::ExitCode;

fn main() -> ExitCode {
    okta_fleet_run::run()
}
