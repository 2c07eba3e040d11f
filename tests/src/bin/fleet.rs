//! `cargo run -p okta-tests --bin fleet -- --processes 8 --json`: the same as `cargo run -p okta-fleet-run`, which compiles
//! faster.

use std::process::ExitCode;

fn main() -> ExitCode {
    okta_fleet_run::run()
}
